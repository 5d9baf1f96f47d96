using Npgsql;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>The journal: the changed rows of each unit of work as one value, in the order of changes.</summary>
internal static class PgJournal
{
    public const string SelectSince = "SELECT number, seen, body FROM journal WHERE number > $1 ORDER BY number";

    public static JournalUnit Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2));

    /// <summary>Appends with the next flush.</summary>
    /// <param name="seen">The day of the change, in days since 1970.</param>
    public static void AppendLater(PgSession session, long number, int seen, byte[] body)
    {
        if (body.Length > 0) session.Later("INSERT INTO journal (number, seen, body) VALUES ($1, $2, $3)", number, seen, body);
    }

    /// <summary>Notes how far rows are in their table, and cuts the journal.</summary>
    /// <returns>The head from then on.</returns>
    public static async Task<PgHead> CutAsync(PgSession session, long carried, long forgotten)
    {
        var head = await session.QueryAsync($"UPDATE head SET carried = greatest(carried, $1), forgotten = greatest(forgotten, $2) RETURNING {PgHead.Columns}", PgHead.Read, carried, forgotten);
        await session.ExecuteAsync("DELETE FROM journal WHERE number <= $1", forgotten);
        return head[0];
    }
}
