namespace RiskEngine.Host.Telemetry;

/// <summary>Lines on their way to a stream that may stop taking them: a bounded queue and a thread of its own, so that whoever logs never waits.</summary>
/// <remarks>Thread-safe. A line that finds the queue full is dropped and counted, and so is one that the stream refuses or that is left at the end.</remarks>
internal sealed class LineQueue : IDisposable
{
    private readonly Stream _stream;
    private readonly int _capacity;
    private readonly TimeSpan _patience;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private List<byte[]> _waiting = [];
    private int _beingWritten;
    private long _dropped;
    private bool _isClosed;

    /// <param name="stream">Written to by one thread; not closed.</param>
    /// <param name="capacity">Lines that may wait; as many more may be with the stream.</param>
    /// <param name="patience">How long the end waits for the stream to take what is left.</param>
    public LineQueue(Stream stream, int capacity, TimeSpan patience)
    {
        (_stream, _capacity, _patience) = (stream, capacity, patience);
        _thread = new Thread(Run) { Name = "riskengine log writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Gets the lines that were not written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Gives a line to the queue, or drops it; returns at once.</summary>
    public void Add(byte[] line)
    {
        lock (_gate)
        {
            if (!_isClosed && _waiting.Count < _capacity)
            {
                _waiting.Add(line);
                Monitor.Pulse(_gate);
                return;
            }
        }

        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Waits for the stream to take what is left, and no longer than that.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        if (_thread.Join(_patience)) return;
        lock (_gate) Interlocked.Add(ref _dropped, _waiting.Count + _beingWritten);
    }

    private void Run()
    {
        List<byte[]> lines = [];
        while (TryTake(ref lines))
        {
            foreach (var line in lines) Write(line);
            lines.Clear();
        }
    }

    private bool TryTake(ref List<byte[]> lines)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed) Monitor.Wait(_gate);
            (_waiting, lines) = (lines, _waiting);
            _beingWritten = lines.Count;
            return lines.Count > 0;
        }
    }

    private void Write(byte[] line)
    {
        try
        {
            _stream.Write(line);
            _stream.Flush();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Whoever read is gone. There is nowhere to say so but the metric.
            Interlocked.Increment(ref _dropped);
        }
        finally
        {
            lock (_gate) _beingWritten--;
        }
    }
}
