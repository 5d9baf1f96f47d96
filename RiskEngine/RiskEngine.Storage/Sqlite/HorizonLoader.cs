using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Brings the ids of the last seven days into memory after a start, newest first, while the store is already serving.</summary>
/// <remarks>
/// Until it is done, an id that memory does not know is looked up among the events not yet read. An id is counted to the day at which it arrived, so it
/// may be known for longer after a restart, never shorter. Thread-safe.
/// </remarks>
internal sealed class HorizonLoader(StateTables tables, SqliteReaders readers)
{
    private const int SegmentBits = 16;

    private List<(long Day, long FirstSeq)> _days = [];
    private long _firstSeq;
    private long _unreadBelow;
    private volatile bool _isStopped;

    /// <summary>Gets the task that is complete when everything is in memory, or the reading was given up: the look-ups then go on.</summary>
    public Task Loading { get; private set; } = Task.CompletedTask;

    /// <summary>Gets the number below which events are not in memory yet. Take it before looking into memory.</summary>
    public long UnreadBelow => Volatile.Read(ref _unreadBelow);

    public void Start(SqliteReader reader, EventTime watermark)
    {
        _firstSeq = reader.FirstSeqOfDay(EventIdWindow.FirstDay(watermark));
        _unreadBelow = reader.Database.Number("SELECT max(seq) + 1 FROM events");
        _days = reader.Database.Query("SELECT day, first_seq FROM days ORDER BY day DESC", row => (row.Integer(0), row.Integer(1)));
        if (_unreadBelow <= _firstSeq) _unreadBelow = 0;
        if (_unreadBelow > 0) Loading = Task.Run(Run);
    }

    /// <summary>Gives the reading up.</summary>
    public void Stop() => _isStopped = true;

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
                if (events.IsFound(slot)) continue;
                if (reader.FindEvent((ulong)events.Key(slot), arguments.Loader._firstSeq, arguments.unreadBelow) > 0) events.MarkFound(slot);
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
                var segment = (_unreadBelow - 1) >> SegmentBits;
                readers.Read(StoreOperation.Load, (Loader: this, segment), static (reader, arguments) => arguments.Loader.ReadSegment(reader, arguments.segment));
                if (_isStopped) return;
                Volatile.Write(ref _unreadBelow, Math.Max(segment << SegmentBits, _firstSeq));
            }

            if (_unreadBelow <= _firstSeq) Volatile.Write(ref _unreadBelow, 0);
        }
        catch (Exception exception) when (exception is StateStoreException or ObjectDisposedException)
        {
            // Counted where it happened. The ids stay unread, so each is looked up.
        }
    }

    private bool ReadSegment(SqliteReader reader, long segment)
    {
        var rows = reader.Database.Query(
            "SELECT event_hash, seq FROM events INDEXED BY events_by_id WHERE seq >> 16 = ?", row => (Hash: row.Bits(0), Seq: row.Integer(1)), segment);
        foreach (var chunk in rows.Chunk(StateTables.ChunkLength))
        {
            if (_isStopped) return false;
            lock (tables.Gate)
            {
                foreach (var (hash, seq) in chunk)
                {
                    if (seq >= _firstSeq) tables.Events.Add(hash, DayAt(seq));
                }
            }
        }

        return true;
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
