using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace RiskEngine.Host.Serving;

/// <summary>How a connection ended: whether its peer closed it before it had read everything that was sent.</summary>
/// <remarks>
/// Such a peer's system sends a reset. That may come while nobody reads, may be told to who sends, or be yet to come; so the system is asked as soon as what is
/// read ends (<see cref="SocketEnd"/>), and once more when nobody is to read any more. What is sent behind that, as the farewells of TLS and HTTP/2, says nothing.
/// Passes everything through. Written by the threads that serve the connection, read by any. A peer that closes in two steps, or has our side close first, looks
/// as if it had read.
/// </remarks>
/// <param name="inner">What the connection is read from and written to.</param>
/// <param name="socket">What is beneath that, where there is one.</param>
internal sealed class ConnectionEnd(IDuplexPipe inner, Socket? socket) : PipeReader, IDuplexPipe
{
    private readonly CountedOutput _output = new(inner.Output);
    private readonly Lock _ending = new();
    private Action? _whenUnread;
    private bool _hasEnded;
    private long _sent;
    private long _reached = long.MaxValue;

    /// <summary>Gets whether the peer closed the connection and had not read everything that <see cref="WhenUnread"/> was said of.</summary>
    public bool IsUnread => Volatile.Read(ref _reached) < Volatile.Read(ref _sent);

    /// <summary>Says what to do should the peer not have read what was sent up to now; takes the place of what was said before.</summary>
    public void WhenUnread(Action act)
    {
        Volatile.Write(ref _sent, _output.Written);
        Interlocked.Exchange(ref _whenUnread, act);
        if (IsUnread) Act();
    }

    public PipeReader Input => this;

    public PipeWriter Output => _output;

    /// <summary>Puts one beneath every connection.</summary>
    /// <remarks>Whoever serves the connection gives its socket up on being told that it is closed, and a socket given up tells nothing more; so that is told once its state is known.</remarks>
    public static ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var end = new ConnectionEnd(connection.Transport, connection.Features.Get<IConnectionSocketFeature>()?.Socket);
        connection.Transport = end;
        connection.Features.Set(end);
        using var closed = new CancellationTokenSource();
        using var closing = connection.ConnectionClosed.UnsafeRegister(_ =>
        {
            end.SeeEnd();
            closed.Cancel();
        }, null);
        connection.ConnectionClosed = closed.Token;
        try
        {
            await next(connection);
        }
        finally
        {
            end.Look();
        }
    };

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            var isThere = inner.Input.TryRead(out result);
            if (isThere) See(result);
            return isThere;
        }
        catch (ConnectionResetException)
        {
            NoteReset();
            throw;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.Input.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(See(reading.Result)) : WatchAsync(reading);
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.Input.CompleteAsync(exception);

    /// <summary>Looks for an end that nobody was told of; when nobody is to read any more, and before the connection is given up.</summary>
    public void Look()
    {
        try
        {
            if (TryRead(out var result)) AdvanceTo(result.Buffer.Start);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // A reset is noted by the reading; what ended it otherwise, or that it is over, has been told to who read.
        }

        SeeEnd();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WatchAsync(ValueTask<ReadResult> reading)
    {
        try
        {
            return See(await reading);
        }
        catch (ConnectionResetException)
        {
            NoteReset();
            throw;
        }
    }

    private ReadResult See(in ReadResult read)
    {
        if (read.IsCompleted) SeeEnd();
        return read;
    }

    /// <summary>Asks the system, once. Who comes while it is being asked waits, since what is done behind an end may be to give the socket up.</summary>
    private void SeeEnd()
    {
        lock (_ending)
        {
            if (_hasEnded) return;
            _hasEnded = true;
            if (socket is not null) Interlocked.Exchange(ref _reached, SocketEnd.Reached(socket));
        }

        if (IsUnread) Act();
    }

    /// <summary>Notes the reset that reading met.</summary>
    private void NoteReset()
    {
        lock (_ending)
        {
            _hasEnded = true;
            Interlocked.Exchange(ref _reached, -1);
        }

        if (IsUnread) Act();
    }

    private void Act() => Interlocked.Exchange(ref _whenUnread, null)?.Invoke();
}
