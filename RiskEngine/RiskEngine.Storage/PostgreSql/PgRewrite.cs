namespace RiskEngine.Storage.PostgreSql;

/// <summary>A table whose rows are worked on in a copy that ends with the transaction, and then put into the table anew.</summary>
/// <remarks>
/// What a row was before would otherwise stay in the table's file until it is vacuumed and written over. Emptied by <c>TRUNCATE</c> the table gets a new file, and the old one
/// is removed once the transaction is committed; where it is not, the old one stays. Grants, indexes and numbers of the table are as before.
/// </remarks>
internal static class PgRewrite
{
    /// <summary>The name of the copy.</summary>
    public static string CopyOf(string table) => $"{table}_rewritten";

    /// <summary>Makes the copy. The table is locked from then on, for those who read it too.</summary>
    public static async Task BeginAsync(PgSession session, string table)
    {
        await session.ExecuteAsync($"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        await session.ExecuteAsync($"CREATE TEMP TABLE {CopyOf(table)} ON COMMIT DROP AS TABLE {table}");
    }

    /// <summary>Puts the rows of the copy into the place of those of the table.</summary>
    public static async Task EndAsync(PgSession session, string table)
    {
        await session.ExecuteAsync($"TRUNCATE {table}");
        await session.ExecuteAsync($"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {CopyOf(table)}");
    }
}
