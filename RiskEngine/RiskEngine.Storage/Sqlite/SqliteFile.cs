using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.EventIndex;
using RiskEngine.Storage.Sqlite.Migrations;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The file of a store: locked for this process, checked before anything is written to it, made where there is none.</summary>
/// <remarks>
/// <para>
/// <b>One process.</b> A lock on a file beside it is held until disposal and given back by the system when the process dies, however it dies.
/// </para>
/// <para>
/// <b>Making.</b> A new store is written under another name and moved into place when it is complete, so a crash leaves none or a whole one.
/// </para>
/// </remarks>
internal sealed class SqliteFile : IDisposable
{
    public const int PageSize = 4096;

    /// <summary>Bytes of the write-ahead log that are kept for use when it begins anew: as long as it may become.</summary>
    /// <remarks>Cut back each time, it is made longer again by every transaction: blocks found, pages of memory taken and cleared, a tenth of all processor time under load.</remarks>
    private const long KeptLogLength = Checkpointer.Longest * Checkpointer.Begin * (PageSize + LogHeaderLength);

    private const int LogHeaderLength = 24;

    /// <summary>KiB of pages that the writer keeps.</summary>
    /// <remarks>
    /// Not more: while the file is below 1 GiB, SQLite looks at every page that is kept when a transaction commits that put pages of a tree into order
    /// (it borrows the number of the page at 1 GiB for that, and then takes the cache for longer than the file). With 256 MiB that was 7 % of all
    /// processor time under load. Rows go into tables in the order of their keys, so that inner pages are what is needed again.
    /// </remarks>
    private const int KeptPages = 65_536;

    private readonly FileStream _lock;
    private SqliteDatabase? _first;

    private SqliteFile(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Locks, checks and where needed makes or migrates the file.</summary>
    /// <exception cref="StateStoreException">The file cannot be used; it is as it was.</exception>
    public static SqliteFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        SqliteFileCheck.CheckOutside(path);
        var file = new SqliteFile(path, Lock(path));
        try
        {
            RemoveCopies(path);
            if (!File.Exists(path) || new FileInfo(path).Length == 0) Make(path);
            file._first = SqliteFileCheck.CheckInside(path);
            file.Migrate();
            return file;
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (exception is SqliteFailureException or FormatException or IOException or UnauthorizedAccessException)
                throw new StateStoreException($"The store {path} cannot be opened: {exception.Message}. Check the disk and the rights of the file and its folder.", exception);
            throw;
        }
    }

    /// <summary>Where a file is written that is to take the place of the store.</summary>
    public static string MakingPath(string path) => path + ".new";

    /// <summary>Where a copy of the store is worked on.</summary>
    public static string WorkPath(string path) => path + ".work";

    /// <summary>Removes what a crash left beside the store. The caller holds its lock.</summary>
    public static void RemoveCopies(string path)
    {
        foreach (var copy in new[] { MakingPath(path), WorkPath(path) })
        {
            File.Delete(copy);
            File.Delete(copy + "-journal");
        }
    }

    /// <summary>Opens the one connection that writes: durable when a transaction is.</summary>
    public SqliteDatabase OpenWriter()
    {
        var database = SqliteDatabase.OpenForWriting(Path);
        database.Execute(
            $"""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{KeptPages};
            PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {KeptLogLength}; PRAGMA secure_delete = FAST;
            """);
        return database;
    }

    /// <summary>Opens a connection for a <see cref="Checkpointer"/>.</summary>
    public SqliteDatabase OpenCheckpointer()
    {
        var database = SqliteDatabase.OpenForWriting(Path);
        database.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
        return database;
    }

    public SqliteDatabase OpenReader()
    {
        var database = SqliteDatabase.OpenForReading(Path);
        database.Execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
        return database;
    }

    /// <summary>Closes the connection that was opened first, once others are open or none is to be.</summary>
    public void EndOpening()
    {
        _first?.Dispose();
        _first = null;
    }

    public void Dispose()
    {
        EndOpening();
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return OpenPrivate(path + ".lock", FileMode.OpenOrCreate);
        }
        catch (IOException exception) when (File.Exists(path + ".lock"))
        {
            throw new StateStoreException($"The store {path} is in use by another process. Stop that one, or give this one another store.path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException($"The store {path} cannot be locked: {exception.Message}. Its folder must exist and be writable.", exception);
        }
    }

    private static void Make(string path)
    {
        var making = MakingPath(path);
        foreach (var rest in new[] { path + "-wal", path + "-shm" }) File.Delete(rest);
        OpenPrivate(making, FileMode.CreateNew).Dispose();
        using (var database = SqliteDatabase.OpenForWriting(making))
        {
            database.Execute($"PRAGMA page_size = {PageSize}; PRAGMA synchronous = FULL; PRAGMA application_id = {SqliteFileCheck.ApplicationId}");
            Migration.Run(database);
            database.Execute("INSERT INTO meta (name, value) VALUES ('hash_key', ?)", RandomNumberGenerator.GetBytes(16));
        }

        File.Move(making, path, overwrite: true);
    }

    /// <summary>Opens a file that nobody else may read, nor open at the same time.</summary>
    public static FileStream OpenPrivate(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <exception cref="FormatException">It is not there.</exception>
    public static byte[] ReadHashKey(SqliteDatabase database) => database.Query("SELECT value FROM meta WHERE name = 'hash_key'", row => row.Blob(0).ToArray()) is [{ Length: 16 } key]
        ? key
        : throw new FormatException("The key of its hashes is missing.");

    private void Migrate()
    {
        using var database = OpenWriter();
        // After a crash the log may be long: carrying it over is for later, serving is for now.
        database.KeepLogOnClose();
        Migration.Run(database);
        database.Execute("BEGIN IMMEDIATE");
        AuditTable.Prepare(database, new KeyedHash(ReadHashKey(database)));
        database.Execute("COMMIT");
        // Segments that a step left without entries get theirs; at any other start there is none.
        database.Execute("BEGIN IMMEDIATE");
        _ = new EventIndexWriter(database);
        database.Execute("COMMIT");
    }
}
