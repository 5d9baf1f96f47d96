using Npgsql;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Rows of state in their table: what counts where the journal has nothing newer.</summary>
internal static class PgRows
{
    /// <summary>Reads rows; those that are not there are left out.</summary>
    public static Task<List<(RowKey Key, RowValue Value)>> ReadAsync(PgSession session, IReadOnlyList<RowKey> keys) => session.QueryAsync(
        "SELECT r.kind, r.key, r.version, r.body FROM unnest($1::smallint[], $2::uuid[]) AS asked (kind, key) JOIN state_rows r USING (kind, key)",
        Row, keys.Select(key => (short)key.Kind).ToArray(), keys.Select(key => PgKey.Of(key.Key)).ToArray());

    /// <summary>Writes rows that are newer than those there, and removes those that went since.</summary>
    /// <param name="rows">In the order of the table, so that two who write wait for each other and not in a circle.</param>
    public static async Task<bool> CarryAsync(PgSession session, IReadOnlyList<JournalRow> rows)
    {
        var there = rows.Where(row => row.Value.IsThere).ToList();
        if (there.Count > 0)
        {
            session.Later(
                """
                INSERT INTO state_rows (kind, key, version, seen, body)
                SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::bigint[], $4::integer[], $5::bytea[])
                ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, seen = excluded.seen, body = excluded.body WHERE state_rows.version < excluded.version
                """,
                Kinds(there), Keys(there), Versions(there), there.Select(row => row.Seen).ToArray(), there.Select(row => row.Value.Body.ToArray()).ToArray());
        }

        if (there.Count < rows.Count)
        {
            var gone = rows.Where(row => !row.Value.IsThere).ToList();
            session.Later(
                "DELETE FROM state_rows r USING unnest($1::smallint[], $2::uuid[], $3::bigint[]) AS gone (kind, key, version) WHERE r.kind = gone.kind AND r.key = gone.key AND r.version < gone.version",
                Kinds(gone), Keys(gone), Versions(gone));
        }

        await session.FlushAsync();
        return true;
    }

    /// <summary>Removes rows and returns how many there were.</summary>
    public static async Task<int> RemoveAsync(PgSession session, StateRowKind kind, IEnumerable<UInt128> keys) =>
        await session.ExecuteAsync("DELETE FROM state_rows WHERE kind = $1 AND key = ANY($2)", (short)kind, keys.Select(PgKey.Of).ToArray());

    /// <summary>Looks at the next rows of one kind in the order of their keys, for those that were not changed since a day.</summary>
    /// <param name="after">Where to begin; null for the first row.</param>
    /// <returns>Where to go on, null at the end; and which are that old.</returns>
    public static async Task<(Guid? Next, List<UInt128> Old)> LookAsync(PgSession session, StateRowKind kind, Guid? after, int before, int most)
    {
        var looked = await session.QueryAsync(
            "SELECT key, seen FROM state_rows WHERE kind = $1 AND ($2::uuid IS NULL OR key > $2) ORDER BY key LIMIT $3", row => (Key: row.GetGuid(0), Seen: row.GetInt32(1)), (short)kind, after, most);
        return (looked.Count < most ? null : looked[^1].Key, [.. looked.Where(row => row.Seen < before).Select(row => PgKey.From(row.Key))]);
    }

    private static short[] Kinds(List<JournalRow> rows) => [.. rows.Select(row => (short)row.Key.Kind)];

    private static Guid[] Keys(List<JournalRow> rows) => [.. rows.Select(row => PgKey.Of(row.Key.Key))];

    private static long[] Versions(List<JournalRow> rows) => [.. rows.Select(row => row.Value.Version)];

    private static (RowKey Key, RowValue Value) Row(NpgsqlDataReader row) => (
        new RowKey((StateRowKind)row.GetInt16(0), PgKey.From(row.GetGuid(1))),
        row.IsDBNull(2) ? default : new RowValue(row.GetInt64(2), row.GetFieldValue<byte[]>(3)));
}
