using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Brings the ids of the last seven days into memory after a start, newest first, while the store is already serving.</summary>
/// <remarks>
/// <see cref="Start"/> reads what look-ups need, <see cref="Begin"/> the rest, which may come late: reading millions of ids takes a processor for seconds.
/// Until it is done, an id that memory does not know is looked up in the segments not yet read, of which filters rule out nearly all. An id is counted to the day at which it arrived, so it
/// may be known for longer after a restart, never shorter. Thread-safe.
/// </remarks>
internal sealed class HorizonLoader(StateTables tables, SqliteReaders readers)
{
    private readonly List<(ulong Hash, long Seq)> _bucket = [];
    private List<(long Day, long FirstSeq)> _days = [];
    private long _firstSeq;
    private volatile byte[]?[] _filters = [];
    private long _unreadBelow;
    private readonly TaskCompletionSource _loading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopped;
    private int _isBegun;

    /// <summary>Gets the task that is complete when everything is in memory, or the reading was given up: the look-ups then go on.</summary>
    public Task Loading => _loading.Task;

    /// <summary>Gets the number below which events are not in memory yet. Take it before looking into memory.</summary>
    public long UnreadBelow => Volatile.Read(ref _unreadBelow);

    public void Start(SqliteReader reader, EventTime watermark)
    {
        _firstSeq = reader.FirstSeqOfDay(EventIdWindow.FirstDay(watermark));
        _days = reader.Database.Query("SELECT day, first_seq FROM days ORDER BY day DESC", row => (row.Integer(0), row.Integer(1)));
        _unreadBelow = EventIndexReader.UnsealedFrom(reader.Database);
        _filters = reader.EventIndex.ReadFilters(EventSegment.Of(_firstSeq), EventSegment.Of(_unreadBelow));
        ReadUnsealed(reader);
        if (_unreadBelow <= _firstSeq) _unreadBelow = 0;
        if (_unreadBelow == 0) _loading.SetResult();
    }

    /// <summary>Begins to read, beside its caller; from the second time on it does nothing.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) == 0 && !_loading.Task.IsCompleted) _ = Task.Run(Run);
    }

    /// <summary>Gives the reading up.</summary>
    public void Stop()
    {
        _isStopped = true;
        if (Interlocked.Exchange(ref _isBegun, 1) == 0) _loading.TrySetResult();
    }

    /// <summary>Marks the ids of the view that memory did not know but the unread part of the disk does.</summary>
    public void Load(StateView view, long unreadBelow)
    {
        if (unreadBelow <= _firstSeq) return;
        readers.Read(StoreOperation.Load, (Loader: this, View: view, unreadBelow), static (reader, arguments) =>
        {
            var events = arguments.View.Events;
            reader.BeginSnapshot();
            for (var slot = 0; slot < events.Count; slot++)
            {
                if (!events.IsFound(slot) && arguments.Loader.IsOnDisk(reader, (ulong)events.Key(slot), arguments.unreadBelow)) events.MarkFound(slot);
            }

            reader.EndSnapshot();
            return true;
        });
    }

    private void Run()
    {
        try
        {
            while (_unreadBelow > _firstSeq)
            {
                var segment = EventSegment.Of(_unreadBelow - 1);
                readers.Read(StoreOperation.Load, (Loader: this, segment), static (reader, arguments) => arguments.Loader.ReadSegment(reader, arguments.segment));
                if (_isStopped) return;
                Volatile.Write(ref _unreadBelow, Math.Max(segment << EventSegment.Bits, _firstSeq));
            }

            if (_unreadBelow <= _firstSeq) Volatile.Write(ref _unreadBelow, 0);
            _filters = [];
        }
        catch (Exception exception) when (exception is StateStoreException or ObjectDisposedException)
        {
            // Counted where it happened. The ids stay unread, so each is looked up.
        }
        finally
        {
            _loading.SetResult();
        }
    }

    private bool IsOnDisk(SqliteReader reader, ulong hash, long unreadBelow)
    {
        for (var segment = EventSegment.Of(unreadBelow - 1); segment >= EventSegment.Of(_firstSeq); segment--)
        {
            if (FilterOf(segment) is { } filter && !BloomFilter.MayContain(filter, hash)) continue;
            if (reader.EventIndex.Contains(segment, EventColumn.Id, hash, _firstSeq)) return true;
        }

        return false;
    }

    private bool ReadSegment(SqliteReader reader, long segment)
    {
        for (var bucket = 0; bucket < EventSegment.Buckets && !_isStopped; bucket++)
        {
            reader.EventIndex.ReadBucket(segment, EventColumn.Id, bucket, _bucket);
            Take();
        }

        return true;
    }

    /// <summary>Reads the newest events, which no index holds; there are less than a segment of them.</summary>
    private void ReadUnsealed(SqliteReader reader)
    {
        using var events = reader.Database.Once("SELECT seq, event_hash FROM events WHERE seq >= ?", Math.Max(_unreadBelow, _firstSeq));
        while (events.Step()) _bucket.Add((events.Bits(1), events.Integer(0)));
        Take();
    }

    private byte[]? FilterOf(long segment)
    {
        var filters = _filters;
        var at = segment - EventSegment.Of(_firstSeq);
        return at < filters.Length ? filters[at] : null;
    }

    private void Take()
    {
        for (var start = 0; start < _bucket.Count; start += StateTables.ChunkLength)
        {
            lock (tables.Gate)
            {
                for (var i = start; i < Math.Min(start + StateTables.ChunkLength, _bucket.Count); i++)
                {
                    if (_bucket[i].Seq >= _firstSeq) tables.Events.Add(_bucket[i].Hash, DayAt(_bucket[i].Seq));
                }
            }
        }

        _bucket.Clear();
    }

    private long DayAt(long seq)
    {
        foreach (var (day, firstSeq) in _days)
        {
            if (firstSeq <= seq) return day;
        }

        return _days.Count > 0 ? _days[^1].Day : 0;
    }
}
