using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Removes rows of state from their tables, and their keys from the pages above them.</summary>
/// <remarks>
/// A b-tree of SQLite keeps the key of a removed row as the separator of two pages until these are balanced anew (sqlite.org/fileformat2.html, section
/// 1.6). So the rows in front of it, more than a page of them, are taken out and put back. Belongs to the writer's thread.
/// </remarks>
internal static class StateRemoval
{
    /// <summary>Rows that are put back: of profiles as many as the pages below one separator of the next level hold, of the others some pages.</summary>
    private const int ProfilesAround = 6000, RowsAround = 256;

    /// <summary>Removes a row; false where there was none.</summary>
    /// <param name="kind">Not reputation, which is nobody's.</param>
    public static bool Remove(SqliteDatabase database, StateRowKind kind, UInt128 key)
    {
        var table = RowTables.NameOf(kind);
        database.Execute($"DELETE FROM {table} WHERE id = ? AND high = ?", unchecked((long)(ulong)key), unchecked((long)(ulong)(key >> 64)));
        var isRemoved = database.Changes > 0;
        // A profile that went by its age may have left its key behind.
        if (kind == StateRowKind.Profile) PutBackAround(database, table, key, ProfilesAround);
        else if (isRemoved) PutBackAround(database, table, key, RowsAround);
        return isRemoved;
    }

    private static void PutBackAround(SqliteDatabase database, string table, UInt128 key, int around)
    {
        var id = unchecked((long)(ulong)key);
        database.Execute($"CREATE TEMP TABLE around AS SELECT * FROM {table} WHERE id <= ? ORDER BY id DESC LIMIT {around}", id);
        database.Execute($"DELETE FROM {table} WHERE id <= ? AND id >= (SELECT min(id) FROM around)", id);
        database.Execute($"INSERT INTO {table} SELECT * FROM around; DROP TABLE around");
    }
}
