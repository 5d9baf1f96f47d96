using System.Diagnostics;

namespace RiskEngine.Storage.Sqlite;

/// <summary>What waits for the writer's thread, in order and bounded.</summary>
/// <remarks>Thread-safe. One thread takes.</remarks>
/// <param name="capacity">How many items may wait.</param>
/// <param name="timeout">How long to wait for room.</param>
internal sealed class WorkQueue(int capacity, TimeSpan timeout)
{
    private readonly object _gate = new();
    private readonly Queue<WorkItem> _items = new(capacity);
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate) return _items.Count;
        }
    }

    /// <summary>Waits on the caller's thread until there is room; false where the time was up first.</summary>
    public bool WaitForRoom()
    {
        lock (_gate)
        {
            if (_items.Count < capacity || _closed) return true;
            var started = Stopwatch.GetTimestamp();
            while (_items.Count >= capacity && !_closed)
            {
                var left = timeout - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) return false;
                Monitor.Wait(_gate, left);
            }

            return true;
        }
    }

    /// <summary>Adds an item, beyond the capacity too: call <see cref="WaitForRoom"/> first, where no lock is held.</summary>
    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public void Add(WorkItem item)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _items.Enqueue(item);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Moves all that waits into the list, waiting for the first up to the time given.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<WorkItem> into, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_items.Count == 0 && !_closed) Monitor.Wait(_gate, atMost);
            while (_items.TryDequeue(out var item)) into.Add(item);
            Monitor.PulseAll(_gate);
            return into.Count > 0 || !_closed;
        }
    }

    /// <summary>Takes nothing more; what waits can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
