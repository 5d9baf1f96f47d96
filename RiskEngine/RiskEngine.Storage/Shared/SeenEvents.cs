using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Ids of events that any replica stored within the horizon of repeats, as every replica holds them in memory: what came last, and further back as far as there is room.</summary>
/// <remarks>
/// <para>
/// Events are numbered in the order in which they are stored. From a number on all of them are here; who looks for an id that is not asks PostgreSQL for those up to
/// <see cref="UnreadThrough"/>. After a start that is everything that was there; reading it happens beside the work, newest first.
/// </para>
/// <para>Ids are told apart by 64 bits, as in <see cref="EventIdWindow"/>. Thread-safe.</para>
/// </remarks>
/// <param name="perPart">Ids in a part at most. A part is of one day, and goes as a whole.</param>
/// <param name="most">Ids in all; 12 to 24 bytes each.</param>
internal sealed class SeenEvents(int perPart = 1 << 22, long most = 1 << 25)
{
    private readonly Lock _gate = new();

    /// <summary>The oldest first.</summary>
    private readonly List<Part> _parts = [];
    private long _count;
    private long _through;
    private int _day;
    private long _unreadThrough;

    /// <summary>Gets the number up to which events are not all here; 0 where they are. Take it before looking for an id.</summary>
    public long UnreadThrough
    {
        get
        {
            lock (_gate) return _unreadThrough;
        }
    }

    /// <summary>Gets the number of the newest event that is here, and its day: what others stored begins behind it.</summary>
    public EventPlace Through
    {
        get
        {
            lock (_gate) return new EventPlace(_day, _through);
        }
    }

    /// <summary>Begins with nothing of what is stored so far.</summary>
    public void Begin(PgHead head)
    {
        lock (_gate) (_through, _unreadThrough, _day) = (head.Seq, head.Seq, head.Day);
    }

    public bool Contains(UInt128 key)
    {
        lock (_gate)
        {
            for (var i = _parts.Count - 1; i >= 0; i--)
            {
                if (_parts[i].Ids.Contains((ulong)key)) return true;
            }
        }

        return false;
    }

    /// <summary>Takes what was stored behind <see cref="Through"/>; taking something twice does no harm.</summary>
    /// <param name="watermark">The newest event time; what lies wholly behind the horizon goes.</param>
    public void Take(IReadOnlyList<SeenEvent> events, EventTime watermark)
    {
        if (events.Count == 0) return;
        lock (_gate)
        {
            var first = EventIdWindow.FirstDay(watermark);
            foreach (var seen in events) Add(seen, first);
            while (_parts.Count > 1 && _parts[0].Day < first)
            {
                Drop();
                // Days rise with numbers: what was given up before it lies behind the horizon too.
                _unreadThrough = 0;
            }
        }
    }

    /// <summary>Takes older events, the newest of them first.</summary>
    /// <param name="upTo">The number up to which they were read.</param>
    /// <param name="isEnd">Whether there are no older ones within the horizon.</param>
    /// <returns>Whether there is more to read, and room for it.</returns>
    public bool TakeOlder(IReadOnlyList<SeenEvent> events, long upTo, EventTime watermark, bool isEnd)
    {
        lock (_gate)
        {
            // Something was given up meanwhile: what lies between is not here, so these say nothing of how far all of them are.
            if (_unreadThrough != upTo) return _unreadThrough > 0;
            var first = EventIdWindow.FirstDay(watermark);
            foreach (var seen in events)
            {
                if (_count >= most) return false;
                if (!IsFor(_parts.FirstOrDefault(), seen)) _parts.Insert(0, new Part(seen.Day));
                Put(_parts[0], seen, first);
                _unreadThrough = Math.Min(_unreadThrough, seen.Seq - 1);
            }

            if (isEnd) _unreadThrough = 0;
            return _unreadThrough > 0;
        }
    }

    private void Add(SeenEvent seen, long firstDay)
    {
        if (seen.Seq <= _through) return;
        (_through, _day) = (seen.Seq, Math.Max(_day, seen.Day));
        if (!IsFor(_parts.LastOrDefault(), seen)) _parts.Add(new Part(seen.Day));
        Put(_parts[^1], seen, firstDay);
        while (_count > most && _parts.Count > 1)
        {
            _unreadThrough = Math.Max(_unreadThrough, _parts[0].LastSeq);
            Drop();
        }
    }

    private bool IsFor(Part? part, SeenEvent seen) => part is not null && part.Day == seen.Day && part.Ids.Count < perPart;

    private void Put(Part part, SeenEvent seen, long firstDay)
    {
        var before = part.Ids.Count;
        // What happened that long ago is no repeat by the rule of every store.
        if (EventIdWindow.DayOf(seen.OccurredAt) >= firstDay) part.Ids.Add((ulong)seen.Key);
        part.LastSeq = Math.Max(part.LastSeq, seen.Seq);
        _count += part.Ids.Count - before;
    }

    private void Drop()
    {
        _count -= _parts[0].Ids.Count;
        _parts.RemoveAt(0);
    }

    private sealed class Part(int day)
    {
        public int Day { get; } = day;

        public IdSet Ids { get; } = new();

        public long LastSeq { get; set; }
    }
}
