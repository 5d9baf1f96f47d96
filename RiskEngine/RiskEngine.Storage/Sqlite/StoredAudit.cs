using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The audit of a store file, read and checked without writing to it, also while a server uses it.</summary>
/// <remarks>Reads one state of the file, that of its opening. Used by one thread; disposing of it ends the reading.</remarks>
public sealed class StoredAudit : IStoredAudit
{
    private readonly SqliteDatabase _database;
    private readonly AuditTable _table;

    private StoredAudit(SqliteDatabase database)
    {
        _database = database;
        _table = new AuditTable(database);
        database.Execute("PRAGMA query_only = ON; BEGIN");
    }

    /// <summary>Opens a file that a server may be using.</summary>
    /// <exception cref="StateStoreException">There is none, or it is no store that this build can read.</exception>
    public static StoredAudit Open(string path)
    {
        try
        {
            var database = SqliteFileCheck.OpenReadable(path);
            if (database.Number("PRAGMA user_version") >= 4) return new StoredAudit(database);
            database.Dispose();
            throw new StateStoreException($"The store {path} is of an older version, whose audit has no chain yet. Start the server on it once.");
        }
        catch (SqliteFailureException exception)
        {
            throw Failure(exception);
        }
    }

    public AuditVerdict Read(string? expected, Action<AuditRecord> take, CancellationToken cancellation)
    {
        try
        {
            var (anchor, head) = _table.Ends();
            var verifier = new AuditVerifier(anchor, expected);
            foreach (var row in _table.Rows(long.MinValue))
            {
                cancellation.ThrowIfCancellationRequested();
                verifier.Add(row);
                take(_table.Tell(row));
            }

            return verifier.Finish(head);
        }
        catch (SqliteFailureException exception)
        {
            throw Failure(exception);
        }
    }

    public void Dispose() => _database.Dispose();

    private static StateStoreException Failure(SqliteFailureException exception) => new($"Reading from the store failed. {exception.Message}", exception);
}
