using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace RiskEngine.Host.Serving;

/// <summary>How a connection ended: a peer that closes it with unread data makes its system send a reset, which is how we learn that it did not read.</summary>
/// <remarks>Passes everything through. Written by the thread that reads the connection, read by any. One that closes it in two steps looks as if it had read.</remarks>
internal sealed class ConnectionEnd(IDuplexPipe inner) : PipeReader, IDuplexPipe
{
    private volatile bool _isReset;
    private Action? _whenReset;

    /// <summary>Gets whether the peer tore the connection down.</summary>
    public bool IsReset => _isReset;

    /// <summary>Says what to do once it is; takes the place of what was said before.</summary>
    public void WhenReset(Action act)
    {
        Volatile.Write(ref _whenReset, act);
        if (_isReset) Act();
    }

    public PipeReader Input => this;

    public PipeWriter Output => inner.Output;

    /// <summary>Puts one beneath every connection.</summary>
    public static ConnectionDelegate Watch(ConnectionDelegate next) => connection =>
    {
        var end = new ConnectionEnd(connection.Transport);
        connection.Transport = end;
        connection.Features.Set(end);
        return next(connection);
    };

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            return inner.Input.TryRead(out result);
        }
        catch (ConnectionResetException)
        {
            _isReset = true;
            Act();
            throw;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.Input.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? reading : WatchAsync(reading);
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.Input.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WatchAsync(ValueTask<ReadResult> reading)
    {
        try
        {
            return await reading;
        }
        catch (ConnectionResetException)
        {
            _isReset = true;
            Act();
            throw;
        }
    }

    private void Act() => Interlocked.Exchange(ref _whenReset, null)?.Invoke();
}
