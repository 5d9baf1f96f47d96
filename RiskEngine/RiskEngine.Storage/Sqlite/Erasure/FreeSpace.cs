namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Overwrites what deleted rows leave behind in the file and in its log.</summary>
/// <remarks>
/// <para>
/// Within pages SQLite overwrites deleted cells by itself (<c>secure_delete</c>). Free pages keep what stood on them; SQLite takes them first when it needs
/// room, so zeros are written until none is left, and given up again. Then the log is carried over and cut to nothing.
/// </para>
/// <para>Belongs to the writer's thread. What the file system, the disk or a copy of the file keep is beyond it.</para>
/// </remarks>
internal static class FreeSpace
{
    /// <summary>Pages that are overwritten in one transaction: 4 MiB, for which no commit waits long.</summary>
    private const long PagesPerSlice = 1024;

    /// <summary>Milliseconds to wait for readers.</summary>
    private const int CutPatience = 200;

    private const string Pending = "wipe_pending";

    /// <summary>Says, within the transaction under way, that it is to be done; a crash before it is done does not forget it.</summary>
    public static void Ask(SqliteDatabase database) => database.Execute("REPLACE INTO meta (name, value) VALUES (?, 1)", Pending);

    public static bool IsAsked(SqliteDatabase database) => database.Number("SELECT value FROM meta WHERE name = ?", Pending) != 0;

    /// <summary>Overwrites a slice of the free pages, in a transaction of its own; what it takes for that is kept until <see cref="GiveBack"/>.</summary>
    /// <returns>Whether there may be more.</returns>
    public static bool OverwriteSlice(SqliteDatabase database)
    {
        var pages = Math.Min(database.Number("PRAGMA freelist_count"), PagesPerSlice);
        if (pages > 0) database.Execute("INSERT INTO wiping (zeros) VALUES (zeroblob(?))", ZerosFor(pages));
        return pages > 0;
    }

    /// <summary>Gives the overwritten pages back. In a later transaction: SQLite does not write pages that are free again by its end.</summary>
    public static void GiveBack(SqliteDatabase database) => database.Execute("DELETE FROM wiping");

    /// <summary>Carries the log over and cuts it to nothing, outside a transaction; false while somebody still reads an older state.</summary>
    public static bool CutLog(SqliteDatabase database)
    {
        // Commits wait meanwhile, so not for long; whoever asks tries again.
        database.Execute($"PRAGMA busy_timeout = {CutPatience}");
        var isBusy = database.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        database.Execute($"PRAGMA busy_timeout = {SqliteDatabase.BusyTimeout}");
        return !isBusy;
    }

    /// <summary>Says that it is done.</summary>
    public static void Done(SqliteDatabase database) => database.Execute("DELETE FROM meta WHERE name = ?", Pending);

    /// <summary>The length of a blob that fills that many overflow pages to the last byte (sqlite.org/fileformat2.html, sections 1.6 and 2.1).</summary>
    private static long ZerosFor(long pages)
    {
        const int usable = SqliteFile.PageSize, onLeaf = ((usable - 12) * 32 / 255) - 23;
        var payload = onLeaf + (pages * (usable - 4));
        var header = 3;
        while (VarintLength((2 * (payload - header)) + 12) + 2 > header) header++;
        return payload - header;
    }

    private static int VarintLength(long value)
    {
        var length = 1;
        while ((value >>= 7) > 0) length++;
        return length;
    }
}
