using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Rows of state in their table: what counts.</summary>
internal static class PgRows
{
    /// <summary>Reads rows; those that are not there are left out.</summary>
    public static Task<List<(RowKey Key, RowValue Value)>> ReadAsync(PgSession session, IReadOnlyList<RowKey> keys) => session.QueryAsync(
        "SELECT r.kind, r.key, r.version, r.body FROM unnest($1::smallint[], $2::uuid[]) AS asked (kind, key) JOIN state_rows r USING (kind, key)",
        Row, keys.Select(key => (short)key.Kind).ToArray(), keys.Select(key => PgKey.Of(key.Key)).ToArray());

    /// <summary>Takes the lock of the head and reads, in the same round trip, rows that are not as they were when they were loaded. Empty where nobody came in between.</summary>
    public static async Task<(PgHead Head, List<(RowKey Key, RowValue Value)> Changed)> LockAsync(PgSession session, ChangedRows rows)
    {
        var (heads, changed) = await session.QueryBothAsync(
            PgHead.Lock,
            PgHead.Read,
            """
            SELECT asked.kind, asked.key, r.version, r.body FROM unnest($1::smallint[], $2::uuid[], $3::bigint[]) AS asked (kind, key, version)
            LEFT JOIN state_rows r USING (kind, key) WHERE coalesce(r.version, 0) <> asked.version
            """,
            Row, rows.Kinds, rows.Keys, rows.Expected);
        return (heads[0], changed);
    }

    /// <summary>Writes rows with the next flush.</summary>
    /// <param name="version">Number of the change, see <see cref="PgHead"/>.</param>
    public static void WriteLater(PgSession session, ChangedRows rows, long version, EventTime at)
    {
        if (rows.Count == 0) return;
        session.Later(
            """
            INSERT INTO state_rows (kind, key, version, seen, body)
            SELECT kind, key, $4, $5, body FROM unnest($1::smallint[], $2::uuid[], $3::bytea[]) AS changed (kind, key, body)
            ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, seen = excluded.seen, body = excluded.body
            """,
            rows.Kinds, rows.Keys, rows.Bodies, version, (int)EventIdWindow.DayOf(at));
    }

    /// <summary>Removes rows and returns how many there were.</summary>
    public static async Task<int> RemoveAsync(PgSession session, StateRowKind kind, IEnumerable<UInt128> keys) =>
        await session.ExecuteAsync("DELETE FROM state_rows WHERE kind = $1 AND key = ANY($2)", (short)kind, keys.Select(PgKey.Of).ToArray());

    /// <summary>Looks at the next rows of one kind in the order of their keys and removes those that were not changed since a day.</summary>
    /// <param name="after">Where to begin; null for the first row.</param>
    /// <returns>Where to go on, null at the end; and which were removed.</returns>
    public static async Task<(Guid? Next, List<UInt128> Removed)> SweepAsync(PgSession session, StateRowKind kind, Guid? after, long before, int most)
    {
        var looked = await session.QueryAsync(
            "SELECT key, seen FROM state_rows WHERE kind = $1 AND ($2::uuid IS NULL OR key > $2) ORDER BY key LIMIT $3", row => (Key: row.GetGuid(0), Seen: row.GetInt32(1)), (short)kind, after, most);
        var old = looked.Where(row => row.Seen < before).Select(row => row.Key).ToArray();
        List<UInt128> removed = old.Length == 0 ? [] : await session.QueryAsync("DELETE FROM state_rows WHERE kind = $1 AND key = ANY($2) AND seen < $3 RETURNING key", row => PgKey.From(row.GetGuid(0)), (short)kind, old, (int)before);
        return (looked.Count < most ? null : looked[^1].Key, removed);
    }

    private static (RowKey Key, RowValue Value) Row(NpgsqlDataReader row) => (
        new RowKey((StateRowKind)row.GetInt16(0), PgKey.From(row.GetGuid(1))),
        row.IsDBNull(2) ? default : new RowValue(row.GetInt64(2), row.GetFieldValue<byte[]>(3)));
}
