using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>The audit of a shared store, in the state of one moment, a slice at a time.</summary>
public sealed class SharedAudit : IStoredAudit
{
    private const int Slice = 1000;

    private readonly PgDatabase _database;

    private SharedAudit(PgDatabase database) => _database = database;

    /// <summary>Opens a store that servers may be using.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be reached, or holds no store that this build can read.</exception>
    public static SharedAudit Open(SharedStoreSettings settings)
    {
        var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
        try
        {
            SharedTables.HeadAsync(database, CancellationToken.None).GetAwaiter().GetResult();
            return new SharedAudit(database);
        }
        catch
        {
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    public AuditVerdict Read(string? expected, Action<AuditRecord> take, CancellationToken cancellation) =>
        _database.ReadStateAsync(session => ReadAsync(session, expected, take, cancellation), cancellation).GetAwaiter().GetResult();

    public void Dispose() => _database.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static async Task<AuditVerdict> ReadAsync(PgSession session, string? expected, Action<AuditRecord> take, CancellationToken cancellation)
    {
        var (anchor, head, _) = await PgAudit.ReadEndsAsync(session);
        var verifier = new AuditVerifier(anchor, expected);
        for (var after = long.MinValue; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = await PgAudit.ReadAsync(session, after, Slice);
            foreach (var record in slice)
            {
                verifier.Add(record);
                take(record);
            }

            if (slice.Count < Slice) return verifier.Finish(head);
            after = slice[^1].Entry.Id;
        }
    }
}
