namespace RiskEngine.Storage.Sqlite;

/// <summary>A copy of a store that nobody serves, to work on beside it. What a crash leaves of it the next opening of the store removes.</summary>
internal static class WorkCopy
{
    /// <summary>Checks that there is room beside the store.</summary>
    /// <param name="lengths">As multiples of the length of the file.</param>
    /// <exception cref="IOException">There is not.</exception>
    public static void CheckRoom(string path, double lengths)
    {
        var needed = (long)(new FileInfo(path).Length * lengths);
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (free < needed) throw new IOException($"beside it {needed >> 20} MiB have to be free, and {free >> 20} MiB are");
    }

    /// <summary>Makes the copy.</summary>
    public static void Make(string path)
    {
        SqliteFile.OpenPrivate(SqliteFile.WorkPath(path), FileMode.Create).Dispose();
        using var database = SqliteDatabase.OpenForReading(path);
        database.Execute("VACUUM INTO ?", SqliteFile.WorkPath(path));
    }

    /// <summary>Opens the copy within a transaction; whether it outlives a crash is of no matter.</summary>
    /// <exception cref="FormatException">Somebody is to be erased from it first.</exception>
    public static SqliteDatabase Open(string path)
    {
        var database = SqliteDatabase.OpenForWriting(SqliteFile.WorkPath(path));
        try
        {
            database.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -262144; BEGIN");
            if (database.Number("SELECT count(*) FROM erasures") > 0) throw new FormatException("an erasure was not finished; start the server once, which finishes it, and come again");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
