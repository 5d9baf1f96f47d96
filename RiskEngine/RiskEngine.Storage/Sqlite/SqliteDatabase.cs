using SQLitePCL;

namespace RiskEngine.Storage.Sqlite;

/// <summary>One connection to a file: a thin layer over SQLite's own interface, which binds and reads without allocating.</summary>
/// <remarks>Not thread-safe: one thread at a time. Every failure is a <see cref="SqliteFailureException"/>.</remarks>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>Milliseconds to wait for other connections.</summary>
    public const int BusyTimeout = 5000;

    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, Path) = (handle, path);

    public string Path { get; }

    /// <summary>Gets the id that the last insertion gave out.</summary>
    public long LastId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Gets the rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public static SqliteDatabase OpenForWriting(string path, bool create = false) =>
        Open(path, path, raw.SQLITE_OPEN_READWRITE | (create ? raw.SQLITE_OPEN_CREATE : 0));

    public static SqliteDatabase OpenForReading(string path) => Open(path, path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Opens a file that nobody writes to and leaves no trace beside it.</summary>
    public static SqliteDatabase OpenUntouched(string path) =>
        Open($"file://{Uri.EscapeDataString(System.IO.Path.GetFullPath(path)).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", path, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI);

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        var prepared = new SqliteStatement(this, statement);
        _statements.Add(prepared);
        return prepared;
    }

    /// <summary>Prepares a statement for one use, which the caller disposes of.</summary>
    public SqliteStatement Once(string sql, params ReadOnlySpan<object?> arguments)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        var statement = new SqliteStatement(this, handle);
        for (var i = 0; i < arguments.Length; i++) statement.BindAny(i + 1, arguments[i]);
        return statement;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs one statement with arguments and no result.</summary>
    public void Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        using var statement = Once(sql, arguments);
        while (statement.Step()) { }
    }

    /// <summary>The rows of one statement, each as the function reads it.</summary>
    public List<T> Query<T>(string sql, Func<SqliteStatement, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var statement = Once(sql, arguments);
        List<T> rows = [];
        while (statement.Step()) rows.Add(read(statement));
        return rows;
    }

    /// <summary>The first number of the first row; zero where there is none or it is NULL.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments)
    {
        using var statement = Once(sql, arguments);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    /// <summary>Carries the write-ahead log over into the file, as far as no reader needs it, and waits for nobody.</summary>
    public void Checkpoint() => Execute("PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>Carries all of the log over and waits, up to the busy time-out, until no reader needs it: then it begins anew with the next transaction.</summary>
    public void CheckpointAndRestart() => Execute("PRAGMA wal_checkpoint(RESTART)");

    /// <summary>Leaves the log where it is when this connection is the last to be closed.</summary>
    public void KeepLogOnClose() => Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));

    /// <summary>The pages that this connection wrote since it was last asked.</summary>
    public long TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1));
        return pages;
    }

    /// <summary>The pages that this connection read since it was last asked, those that it had kept aside.</summary>
    public long TakePagesRead()
    {
        Check(raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_MISS, out var pages, out _, 1));
        return pages;
    }

    public void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw new SqliteFailureException(result, $"SQLite: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (code {raw.sqlite3_extended_errcode(_handle)}), file {Path}");
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _handle.Dispose();
    }

    private static SqliteDatabase Open(string name, string path, int flags)
    {
        var result = raw.sqlite3_open_v2(name, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new SqliteDatabase(handle, path);
        try
        {
            database.Check(result);
            raw.sqlite3_busy_timeout(handle, BusyTimeout);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}

/// <summary>SQLite refused or failed, with its code.</summary>
internal sealed class SqliteFailureException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
