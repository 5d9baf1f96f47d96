namespace RiskEngine.Collectors.File;

/// <summary>Reads a pipe ahead on a thread of its own, so that whoever reads from here can tell whether there is anything now, and can stop waiting.</summary>
/// <remarks>
/// One reader. <see cref="Read(Span{byte})"/> waits as the pipe itself does. A ring of 512 KiB bounds what is read ahead; when it is full, the writer of the
/// pipe waits. The thread closes the pipe when it comes back from it, which may be never and keeps no process alive. Told to stop, it is over once all that
/// came was read and for half a second nothing more did, or after ten seconds: what a writer has written by then is not lost.
/// </remarks>
internal sealed class ReadAheadStream : ReadOnlyStream
{
    private const int Capacity = 512 * 1024;
    private const int MostLooks = 20;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.5);

    private readonly Stream _source;
    private readonly CancellationTokenRegistration _stop;
    private readonly object _gate = new();
    private readonly byte[] _ring = new byte[Capacity];
    private int _start;
    private int _count;
    private bool _isOver;
    private long _arrived;
    private long _arrivedBefore = -1;
    private int _looks;
    private Timer? _ending;
    private Exception? _failure;
    private TaskCompletionSource? _arrival;

    /// <param name="source">This stream's own from now on.</param>
    /// <param name="stop">Ends it, behind what was written by then.</param>
    public ReadAheadStream(Stream source, CancellationToken stop)
    {
        _source = source;
        _stop = stop.Register(EndWhenQuiet);
        new Thread(Run) { Name = "riskengine read ahead", IsBackground = true }.Start();
    }

    /// <summary>Gets whether a read would wait: nothing is there, and the end is not either.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate) return _count == 0 && !_isOver;
        }
    }

    /// <summary>Completes once there is something to read, or the end.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_count > 0 || _isOver) return Task.CompletedTask;
            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task;
        }
    }

    /// <summary>Waits until there is something to read, or the end; false where neither came in that time.</summary>
    public bool Wait(TimeSpan patience)
    {
        lock (_gate) return _count > 0 || _isOver || (Monitor.Wait(_gate, patience) && (_count > 0 || _isOver));
    }

    /// <summary>Makes what was read so far all there is.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _ending?.Dispose();
            Tell();
        }
    }

    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            while (_count == 0 && !_isOver) Monitor.Wait(_gate);
            if (_count == 0) return _failure is null ? 0 : throw new IOException(_failure.Message, _failure);
            var count = Math.Min(Math.Min(_count, Capacity - _start), buffer.Length);
            _ring.AsSpan(_start, count).CopyTo(buffer);
            (_start, _count) = ((_start + count) % Capacity, _count - count);
            Monitor.PulseAll(_gate);
            return count;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
            End();
        }

        base.Dispose(disposing);
    }

    private void Run()
    {
        try
        {
            while (Room() is { IsEmpty: false } room)
            {
                var count = _source.Read(room.Span);
                lock (_gate)
                {
                    // What comes after the end was told comes too late.
                    if (_isOver) return;
                    _count += count;
                    _arrived += count;
                    _isOver = count == 0;
                    Tell();
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            lock (_gate)
            {
                _failure = _isOver ? null : failure;
                _isOver = true;
                Tell();
            }
        }
        finally
        {
            _source.Dispose();
        }
    }

    /// <summary>Waits for room behind what is there; empty at the end.</summary>
    private Memory<byte> Room()
    {
        lock (_gate)
        {
            while (_count == Capacity && !_isOver) Monitor.Wait(_gate);
            if (_isOver) return default;
            var end = (_start + _count) % Capacity;
            return _ring.AsMemory(end, Math.Min(Capacity - _count, Capacity - end));
        }
    }

    private void EndWhenQuiet()
    {
        lock (_gate)
        {
            if (!_isOver) _ending = new Timer(_ => Look(), null, TimeSpan.Zero, Quiet);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            var isQuiet = _count == 0 && _arrived == _arrivedBefore;
            _arrivedBefore = _arrived;
            if (isQuiet || _looks++ == MostLooks) End();
        }
    }

    private void Tell()
    {
        Monitor.PulseAll(_gate);
        _arrival?.TrySetResult();
        _arrival = null;
    }
}
