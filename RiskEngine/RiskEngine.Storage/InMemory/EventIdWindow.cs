using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Ids of accepted events, by the day of their event time; a day is dropped as a whole once the watermark has left it behind.</summary>
/// <remarks>
/// An id is known for at least <see cref="IStateStore.Horizon"/> behind the watermark, and for a day more at most. Ids are told apart by 64 bits of their keyed
/// hash: among ten million of them, one new event in two trillion is taken for a repeat, and nobody can choose which. Not thread-safe: the owner locks.
/// </remarks>
internal sealed class EventIdWindow
{
    private const long MillisecondsPerDay = 86_400_000;

    private readonly List<(long Day, IdSet Ids)> _days = [];

    public long Count => _days.Sum(day => day.Ids.Count);

    /// <summary>The first day, counted from 1970, that is still remembered under that watermark.</summary>
    public static long FirstDay(EventTime watermark) => DayOf(watermark - IStateStore.Horizon);

    public bool Contains(UInt128 eventKey)
    {
        foreach (var (_, ids) in _days)
        {
            if (ids.Contains((ulong)eventKey)) return true;
        }

        return false;
    }

    public void Add(UInt128 eventKey, EventTime occurredAt) => Add((ulong)eventKey, DayOf(occurredAt));

    public void Add(ulong hash, long day)
    {
        foreach (var (known, ids) in _days)
        {
            if (known != day) continue;
            ids.Add(hash);
            return;
        }

        var added = new IdSet();
        added.Add(hash);
        _days.Add((day, added));
    }

    /// <summary>Drops the days that lie wholly behind the horizon.</summary>
    public void DropBefore(EventTime watermark)
    {
        var oldest = FirstDay(watermark);
        for (var i = _days.Count - 1; i >= 0; i--)
        {
            if (_days[i].Day < oldest) _days.RemoveAt(i);
        }
    }

    public static long DayOf(EventTime time) => time.UnixMilliseconds / MillisecondsPerDay;
}
