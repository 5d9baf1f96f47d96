using System.Net;
using System.Net.Sockets;
using RiskEngine.Collectors.File;

namespace RiskEngine.Collectors.Syslog;

/// <summary>Why something that came by syslog was not taken. A closed set: it is a label of a metric.</summary>
public enum SyslogLoss : byte
{
    /// <summary>The queue was full (UDP only: over TCP the sender waits).</summary>
    QueueFull,

    /// <summary>A message was longer than a message may be.</summary>
    TooLong,

    /// <summary>A connection was refused because there are as many as there may be.</summary>
    Connections,

    /// <summary>A connection ended within a message.</summary>
    CutOff,

    /// <summary>The system could not receive or accept: mostly no descriptor was left. Each try that failed.</summary>
    System,

    /// <summary>A message waited when the process stopped, or was not yet known to be stored.</summary>
    Stopped,
}

/// <summary>Listens for syslog over UDP or TCP and puts every message into a queue.</summary>
/// <remarks>
/// UDP promises nothing: a full queue drops, and counts what it drops; what the kernel drops before is not seen. Over TCP (RFC 6587, both framings) a full
/// queue makes the sender wait, so nothing is lost while the connection lasts; syslog knows no acknowledgement, so what was on its way when it ended is.
/// Where the system cannot receive or accept, it is tried again after a pause that doubles from 10 ms to a second; what is connected goes on meanwhile.
/// There is no check of who sends: bind to this machine, or to a network where only appliances are. Thread-safe.
/// </remarks>
public sealed class SyslogListener : IDisposable
{
    /// <summary>The most bytes of a message; RFC 5424 asks for 2,048 at least.</summary>
    public const int MessageLimit = 64 * 1024;

    private const int ConnectionLimit = 64;
    private const int KernelBuffer = 4 * 1024 * 1024;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly RecordQueue _queue;
    private readonly Action<SyslogLoss> _lost;
    private readonly bool _isTcp;
    private TimeSpan _pause = ShortestPause;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="lost">Told of each loss, from any thread.</param>
    /// <exception cref="SocketException">The address is taken, or none of this machine's.</exception>
    public SyslogListener(IPEndPoint address, bool isTcp, RecordQueue queue, Action<SyslogLoss> lost)
    {
        (_queue, _lost, _isTcp) = (queue, lost, isTcp);
        _socket = new Socket(address.AddressFamily, isTcp ? SocketType.Stream : SocketType.Dgram, isTcp ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            if (!isTcp) _socket.ReceiveBufferSize = KernelBuffer;
            _socket.Bind(address);
            if (isTcp) _socket.Listen();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Gets the address, with the port that the system chose where 0 was asked for.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Gets what is told when the system begins to fail, and not again before it succeeded; null for nobody.</summary>
    public Action<SocketException>? Failing { get; init; }

    /// <summary>Gets how a connection is accepted.</summary>
    internal Func<Socket, CancellationToken, ValueTask<Socket>> Accept { get; init; } = (socket, cancellation) => socket.AcceptAsync(cancellation);

    /// <summary>Gets how a pause is waited for.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;

    /// <summary>Receives until cancelled. What it throws is the end of it.</summary>
    public Task RunAsync(CancellationToken cancellation) => _isTcp ? AcceptAsync(cancellation) : ReceiveAsync(cancellation);

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[MessageLimit];
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellation).ConfigureAwait(false);
                _pause = ShortestPause;
                if (length > 0 && !_queue.TryAdd(buffer.AsSpan(0, length))) _lost(SyslogLoss.QueueFull);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.MessageSize)
            {
                _lost(SyslogLoss.TooLong);
            }
            catch (SocketException failure)
            {
                // Word of a datagram that we never sent is of no matter.
                if (!IsOfPeer(failure)) await PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        List<Task> connections = [];
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var peer = await Accept(_socket, cancellation).ConfigureAwait(false);
                _pause = ShortestPause;
                connections.RemoveAll(connection => connection.IsCompleted);
                if (_connections < ConnectionLimit)
                {
                    Interlocked.Increment(ref _connections);
                    connections.Add(ServeAsync(peer, cancellation));
                    continue;
                }

                peer.Dispose();
                _lost(SyslogLoss.Connections);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException failure)
            {
                // A peer that went away before it was accepted is of no matter.
                if (!IsOfPeer(failure)) await PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(connections).ConfigureAwait(false);
    }

    private static bool IsOfPeer(SocketException failure) => failure.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.ConnectionRefused
        or SocketError.HostUnreachable or SocketError.NetworkUnreachable;

    private async Task PauseAsync(SocketException failure, CancellationToken cancellation)
    {
        if (_pause == ShortestPause) Failing?.Invoke(failure);
        _lost(SyslogLoss.System);
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        await Wait(pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(Socket peer, CancellationToken cancellation)
    {
        using (peer)
        {
            try
            {
                await ReadAsync(peer, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or IOException)
            {
                // Broken off, idle, or we stop: what came whole was taken.
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }

    private async Task ReadAsync(Socket peer, CancellationToken cancellation)
    {
        var framer = new SyslogFramer(MessageLimit);
        var buffer = new byte[MessageLimit + 64];
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        for (var length = 0; ;)
        {
            idle.CancelAfter(Idle);
            var count = await peer.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, idle.Token).ConfigureAwait(false);
            length += count;
            var used = 0;
            while (true)
            {
                var frame = framer.Next(buffer.AsSpan(used, length - used), isComplete: count == 0);
                if (frame.Kind == FrameKind.NeedMore) break;
                if (frame.Kind == FrameKind.TooLong) _lost(SyslogLoss.TooLong);
                if (frame.Kind == FrameKind.Skip && count == 0) _lost(SyslogLoss.CutOff);
                if (frame.Kind == FrameKind.Record) await AddAsync(buffer.AsMemory(used, frame.Length), cancellation).ConfigureAwait(false);
                used += frame.Consumed;
            }

            if (count == 0) return;
            buffer.AsSpan(used, length - used).CopyTo(buffer);
            length -= used;
        }
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        while (!_queue.TryAdd(SyslogFramer.Message(record.Span))) await _queue.WaitForRoomAsync(Patience, cancellation).ConfigureAwait(false);
    }
}
