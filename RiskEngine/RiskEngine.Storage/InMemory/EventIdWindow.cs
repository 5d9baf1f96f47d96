using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Ids of accepted events, by the day of their event time; a day is dropped as a whole once the watermark has left it behind.</summary>
/// <remarks>An id is known for at least <see cref="IStateStore.Horizon"/> behind the watermark, and for a day more at most. Not thread-safe: the owner locks.</remarks>
internal sealed class EventIdWindow
{
    private readonly List<(long Day, IdSet Ids)> _days = [];

    public long Count => _days.Sum(day => day.Ids.Count);

    /// <summary>The first millisecond of event time that is still remembered under that watermark.</summary>
    public static long FirstRemembered(EventTime watermark) => DayOf(watermark - IStateStore.Horizon) * EventDay;

    public bool Contains(UInt128 eventKey)
    {
        foreach (var (_, ids) in _days)
        {
            if (ids.Contains((ulong)eventKey)) return true;
        }

        return false;
    }

    public void Add(UInt128 eventKey, EventTime occurredAt)
    {
        var day = DayOf(occurredAt);
        foreach (var (known, ids) in _days)
        {
            if (known != day) continue;
            ids.Add((ulong)eventKey);
            return;
        }

        var added = new IdSet();
        added.Add((ulong)eventKey);
        _days.Add((day, added));
    }

    /// <summary>Drops the days that lie wholly behind the horizon.</summary>
    public void DropBefore(EventTime watermark)
    {
        var oldest = DayOf(watermark - IStateStore.Horizon);
        for (var i = _days.Count - 1; i >= 0; i--)
        {
            if (_days[i].Day < oldest) _days.RemoveAt(i);
        }
    }

    public void Clear() => _days.Clear();

    private const long EventDay = 86_400_000;

    private static long DayOf(EventTime time) => time.UnixMilliseconds / EventDay;
}
