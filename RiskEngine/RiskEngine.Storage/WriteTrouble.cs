using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage;

/// <summary>Why nothing can be made durable, and what to do about it, in words that anybody may read: no path, no text of the system's.</summary>
public static class WriteTrouble
{
    /// <summary>SQLite's result codes that an operator can do something about (sqlite.org/rescode.html).</summary>
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>Cause and remedy of a failed write.</summary>
    public static string Describe(Exception failure)
    {
        if (failure.InnerException is { } told && PgTrouble.IsOfServer(told)) return PgTrouble.Describe(told);
        var cause = failure;
        while (cause is not SqliteFailureException && cause.InnerException is { } inner) cause = inner;
        return Describe(cause is SqliteFailureException { Code: var code } ? code & 0xFF : 0);
    }

    internal static string Describe(int code) => code switch
    {
        Full => "The disk is full. Make room on the file system of store.path.",
        ReadOnly => "The store's file is read-only. Make the file of store.path and its folder writable for the account of this server.",
        InputOutput => "The disk refuses to be written to. See the system's log, quotas and limits, and the disk of store.path.",
        CannotOpen => "The store's file cannot be opened. See whether store.path is still there and may be used by the account of this server.",
        Busy or Locked => "Another program holds the store's file. Find and stop it.",
        Corrupt or NotADatabase => "The store's file is damaged. Stop the server and put back a copy of it.",
        _ => "The store cannot write. The log of this server says why.",
    };
}
