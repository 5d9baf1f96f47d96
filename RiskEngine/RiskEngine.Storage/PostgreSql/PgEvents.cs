using System.Globalization;
using System.Text;
using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>What a repeat of a stored event is told by.</summary>
/// <param name="Day">At which it was stored, in days since 1970 by event time; rises with the number.</param>
/// <param name="Seq">Its number.</param>
internal readonly record struct SeenEvent(int Day, long Seq, UInt128 Key, EventTime OccurredAt);

/// <summary>Stored events and their assessments: looked for by what they carry, newest first, a bounded number at a time.</summary>
/// <remarks>What the 64 bits of an index suggest is compared with the event itself. Stateless.</remarks>
internal sealed class PgEvents(StoredEventCodec codec, KeyedHash hash)
{
    /// <summary>Which of these keys belong to events up to a number that are not older than the horizon within which repeats are told.</summary>
    public const string SelectSeen =
        "SELECT event_key FROM events WHERE event_key = ANY($1) AND seq <= $3 AND day >= (SELECT (watermark - $2) / 86400000 FROM head) AND occurred_at >= (SELECT (watermark - $2) / 86400000 * 86400000 FROM head)";

    /// <summary>The keys of the events behind a place, in the order in which they were stored.</summary>
    public const string SelectKeysSince = "SELECT day, seq, event_key, occurred_at FROM events WHERE day >= $1 AND seq > $2 ORDER BY seq";

    /// <summary>The keys of a number of events up to one, of a day or later, the newest first.</summary>
    public const string SelectKeysBefore = "SELECT day, seq, event_key, occurred_at FROM events WHERE day >= $1 AND seq <= $2 ORDER BY seq DESC LIMIT $3";

    /// <summary>The length of that horizon in milliseconds.</summary>
    public static long Horizon { get; } = (long)IStateStore.Horizon.TotalMilliseconds;

    public static SeenEvent ReadKey(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetInt64(1), PgKey.From(row.GetGuid(2)), new EventTime(row.GetInt64(3)));

    private const int Chunk = 1000;

    /// <summary>Makes the partition of a day. It is made beside the table and then attached, so that nobody who reads is waited for.</summary>
    public static void AddDayLater(PgSession session, int day)
    {
        var name = PartitionOf(day);
        session.Later($"CREATE TABLE IF NOT EXISTS {name} (LIKE events INCLUDING DEFAULTS INCLUDING INDEXES)");
        session.Later($"ALTER TABLE events ATTACH PARTITION {name} FOR VALUES FROM ({day}) TO ({day + 1})");
    }

    public static string PartitionOf(int day) => string.Create(CultureInfo.InvariantCulture, $"events_{day}");

    /// <summary>Days that there are partitions of, oldest first, with about how many events each has.</summary>
    public static Task<List<(int Day, long Events)>> DaysAsync(PgSession session) => session.QueryAsync(
        "SELECT c.relname, greatest(c.reltuples, 0)::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass ORDER BY substr(c.relname, 8)::integer",
        row => (int.Parse(row.GetString(0).AsSpan("events_".Length), CultureInfo.InvariantCulture), row.GetInt64(1)));

    /// <summary>The event with that key, the newest where there are several; null for none.</summary>
    public async Task<StoredEvent?> FindAsync(PgSession session, UInt128 key) =>
        (await session.QueryAsync("SELECT body FROM events WHERE event_key = $1 ORDER BY seq DESC", Body, PgKey.Of(key))).FirstOrDefault(stored => KeyOf(stored) == key);

    public async Task<AssessmentPage> FindAsync(PgSession session, AssessmentQuery query)
    {
        StoredEvents.Check(query);
        List<StoredEvent> found = [];
        var before = StoredEvents.CursorOf(query);
        for (var left = StoredEvents.LongestSearch; left > 0; left -= Chunk)
        {
            var rows = await ReadAsync(session, query, before);
            foreach (var (seq, level, body) in rows)
            {
                before = seq;
                if (level < 0 ? !query.WithUnjudged || query.MinimumLevel is not null : query.MinimumLevel is { } least && level < (int)least) continue;
                var candidate = codec.Read(body);
                if (!Matches(candidate, query)) continue;
                if (found.Count == query.Limit) return new AssessmentPage(found, StoredEvents.CursorAt(seq + 1));
                found.Add(candidate);
            }

            if (rows.Count < Chunk) return new AssessmentPage(found, null);
        }

        return new AssessmentPage(found, StoredEvents.CursorAt(before));
    }

    /// <summary>Every stored event that has those bytes in it somewhere.</summary>
    public async Task<IEnumerable<StoredEvent>> WithAsync(PgSession session, byte[] bytes) => await session.QueryAsync("SELECT body FROM events WHERE position($1 IN body) > 0", Body, bytes);

    /// <summary>The events of a subject, by number.</summary>
    public async Task<List<(long Seq, StoredEvent Event)>> OfAsync(PgSession session, IEnumerable<UInt128> subjects) => await session.QueryAsync(
        "SELECT seq, body FROM events WHERE subject = ANY($1)", row => (row.GetInt64(0), Body(row)), subjects.Select(key => unchecked((long)(ulong)key)).ToArray());

    private static Task<List<(long Seq, int Level, byte[] Body)>> ReadAsync(PgSession session, AssessmentQuery query, long before)
    {
        List<object?> arguments = [before, Chunk];
        var sql = new StringBuilder("SELECT seq, level, body FROM events WHERE seq < $1");
        if (query.Since is { } since) Where("day", ">=", (int)EventIdWindow.DayOf(since));
        if (query.Subject is { } subject) Where("subject", "=", unchecked((long)(ulong)subject));
        else if (query.Address is { } address) Where("address", "=", unchecked((long)address.Unit));
        else if (query.MinimumLevel >= RiskLevel.Medium) sql.Append(" AND level >= 2");
        sql.Append(" ORDER BY seq DESC LIMIT $2");
        return session.QueryAsync(sql.ToString(), row => (row.GetInt64(0), row.IsDBNull(1) ? -1 : row.GetInt16(1), row.GetFieldValue<byte[]>(2)), [.. arguments]);

        void Where(string column, string comparison, object value)
        {
            arguments.Add(value);
            sql.Append(CultureInfo.InvariantCulture, $" AND {column} {comparison} ${arguments.Count}");
        }
    }

    private bool Matches(StoredEvent candidate, AssessmentQuery query) =>
        (query.Since is not { } since || candidate.OccurredAt >= since)
        && (query.Address is not { } address || candidate.SourceIp == address)
        && (query.Subject is not { } subject || StateKeys.Subject(hash, Bytes(candidate.Tenant), Bytes(candidate.SubjectId), Bytes(candidate.SubjectName)) == subject);

    private UInt128 KeyOf(StoredEvent stored) => StateKeys.Event(hash, Bytes(stored.Tenant), Bytes(stored.EventId));

    private StoredEvent Body(NpgsqlDataReader row) => Body(row, row.FieldCount - 1);

    private StoredEvent Body(NpgsqlDataReader row, int column) => codec.Read(row.GetFieldValue<byte[]>(column));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
