namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Removes rows of state from their tables, and their keys from the pages above them.</summary>
/// <remarks>
/// A b-tree of SQLite keeps the key of a removed row as the separator of two pages until these are balanced anew (sqlite.org/fileformat2.html, section
/// 1.6). So the rows in front of it, more than a page of them, are taken out and put back. Belongs to the writer's thread.
/// </remarks>
internal static class StateRemoval
{
    /// <summary>Rows that are put back: of profiles as many as the pages below one separator of the next level hold, of pairs some pages.</summary>
    private const int ProfilesAround = 6000, PairsAround = 256;

    /// <summary>Removes a profile; false where there was none.</summary>
    public static bool RemoveProfile(SqliteDatabase database, UInt128 key)
    {
        var isRemoved = Remove(database, "profiles", key);
        PutBackAround(database, "profiles", key, ProfilesAround);
        return isRemoved;
    }

    /// <summary>Removes a pair; false where there was none.</summary>
    public static bool RemovePair(SqliteDatabase database, UInt128 key)
    {
        if (!Remove(database, "pairs", key)) return false;
        PutBackAround(database, "pairs", key, PairsAround);
        return true;
    }

    /// <summary>Removes the row of a look; false where there was none.</summary>
    public static bool RemoveSkeleton(SqliteDatabase database, UInt128 key)
    {
        if (!Remove(database, "skeletons", key)) return false;
        PutBackAround(database, "skeletons", key, PairsAround);
        return true;
    }

    private static bool Remove(SqliteDatabase database, string table, UInt128 key)
    {
        database.Execute($"DELETE FROM {table} WHERE id = ? AND high = ?", unchecked((long)(ulong)key), unchecked((long)(ulong)(key >> 64)));
        return database.Changes > 0;
    }

    private static void PutBackAround(SqliteDatabase database, string table, UInt128 key, int around)
    {
        var id = unchecked((long)(ulong)key);
        database.Execute($"CREATE TEMP TABLE around AS SELECT * FROM {table} WHERE id <= ? ORDER BY id DESC LIMIT {around}", id);
        database.Execute($"DELETE FROM {table} WHERE id <= ? AND id >= (SELECT min(id) FROM around)", id);
        database.Execute($"INSERT INTO {table} SELECT * FROM around; DROP TABLE around");
    }
}
