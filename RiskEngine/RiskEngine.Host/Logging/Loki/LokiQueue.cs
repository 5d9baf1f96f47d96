using RiskEngine.Configuration;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Entries that wait for Loki: bounded in number and in bytes, those under way included.</summary>
/// <remarks>
/// First in, first out. A full queue takes no more: what came first is kept, since it tells how trouble began. Assessments, which come in masses, fill three
/// quarters of it at most. Thread-safe; nobody waits.
/// </remarks>
internal sealed class LokiQueue(int mostEntries, long mostBytes, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<LokiEntry> _waiting = [];
    private long _bytes;
    private int _underWay;
    private long _newest;

    /// <summary>Gets the number of entries that wait or are under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count + _underWay;
        }
    }

    /// <summary>Gets the memory that they take.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>Gets how many wait, and when the first of them was given; the time means nothing where none does.</summary>
    public (int Waiting, DateTimeOffset Since) Head
    {
        get
        {
            lock (_gate) return (_waiting.Count, _waiting.TryPeek(out var first) ? first.At : default);
        }
    }

    /// <summary>Whether an entry of usual size would be taken now: asked before it is written, so that a full queue costs nothing.</summary>
    public bool HasRoom(LokiStreams stream)
    {
        lock (_gate) return Fits(stream, 0);
    }

    /// <summary>Takes an entry, or says that there is no room for it.</summary>
    /// <param name="waiting">Entries that wait now, this one included.</param>
    public bool TryAdd(LokiEntry entry, out int waiting)
    {
        var size = entry.Size;
        lock (_gate)
        {
            waiting = _waiting.Count;
            if (!Fits(entry.Stream, size)) return false;
            // Records of the audit keep their time, so that one that is sent again is the same entry to Loki. Others follow each other by a nanosecond at least.
            if (entry.Stream != LokiStreams.Audit)
            {
                _newest = Math.Max(entry.Nanoseconds, _newest + 1);
                entry = entry with { Nanoseconds = _newest };
            }

            _waiting.Enqueue(entry with { At = clock.GetUtcNow() });
            _bytes += size;
            waiting++;
            return true;
        }
    }

    /// <summary>Takes out the first entries, which count as under way until they are released.</summary>
    public LokiEntry[] Take(int most, int bytes)
    {
        lock (_gate)
        {
            List<LokiEntry> taken = [];
            while (taken.Count < most && _waiting.TryPeek(out var next) && (taken.Count == 0 || bytes >= next.Size))
            {
                bytes -= next.Size;
                taken.Add(_waiting.Dequeue());
            }

            _underWay += taken.Count;
            return [.. taken];
        }
    }

    /// <summary>Forgets entries that were under way.</summary>
    public void Release(ReadOnlySpan<LokiEntry> entries)
    {
        lock (_gate)
        {
            _underWay -= entries.Length;
            foreach (ref readonly var entry in entries) _bytes -= entry.Size;
        }
    }

    private bool Fits(LokiStreams stream, int size)
    {
        var (entries, bytes) = stream == LokiStreams.Assessment ? (mostEntries * 3L / 4, mostBytes * 3 / 4) : (mostEntries, mostBytes);
        return _waiting.Count + _underWay < entries && _bytes + size <= bytes;
    }
}
