using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>How far the events were read: the last one, and its day, by which partitions of before are left out.</summary>
internal readonly record struct EventPlace(int Day, long Seq)
{
    /// <summary>Before the first event that can have happened at a time or later; null for all.</summary>
    public static EventPlace Before(EventTime? since) => new(since is { } time ? (int)EventIdWindow.DayOf(time) : -1, 0);
}

/// <summary>Stored events in the order of their numbers, a slice at a time, so that no transaction lasts and nobody who removes a day is waited for.</summary>
/// <remarks>Numbers are given under the lock of <see cref="PgHead"/>: what is not above the number in a head that was read is there, or was removed. Stateless.</remarks>
internal static class PgEventSlices
{
    public const int Length = 2000;

    /// <summary>The next events after a place, none above a number.</summary>
    /// <param name="level">The least level; null for every event, also of those whose kind is not judged.</param>
    /// <returns>A slice that is not full says that there are no more.</returns>
    public static Task<List<(EventPlace Place, ulong Subject, byte[] Body)>> ReadAsync(PgSession session, EventPlace after, long last, RiskLevel? level) => session.QueryAsync(
        $"SELECT day, seq, subject, body FROM events WHERE day >= $1 AND seq > $2 AND seq <= $3{(level is null ? "" : " AND level >= $5")} ORDER BY seq LIMIT $4",
        row => (new EventPlace(row.GetInt32(0), row.GetInt64(1)), (ulong)row.GetInt64(2), row.GetFieldValue<byte[]>(3)),
        level is { } least ? [after.Day, after.Seq, last, Length, (short)least] : [after.Day, after.Seq, last, Length]);
}
