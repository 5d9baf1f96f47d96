using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared.Rotation;

/// <summary>Keeps those who have a shared store open and those who turn the secret of its hashes apart: many of the former, or one of the latter.</summary>
/// <remarks>
/// By a lock of PostgreSQL that ends with its transaction, so that a pooler may stand in between and a killed program leaves nothing. Who opens the store says so by a
/// lease within that transaction, and renews it; who turns the secret looks at leases once it has the lock, and holds it to the end.
/// </remarks>
internal static class TurnGate
{
    /// <summary>Names the lock; others of the same database wait for it. Any number does.</summary>
    private const long Turning = 0x5269_736B_456E_68;

    /// <summary>Goes in: says by <paramref name="opened"/> that the store is open. What is read in the same transaction stays true as long as that is renewed.</summary>
    /// <exception cref="StateStoreException">The secret is being turned.</exception>
    public static async Task EnterAsync(PgSession session, PgLease opened)
    {
        if (!await session.ScalarAsync<bool>("SELECT pg_try_advisory_xact_lock_shared($1)", Turning))
            throw new StateStoreException("The secret of the store's hashes is being turned (riskengine keys rotate-hashes). Start again when that is done.");
        await PgLease.TidyAsync(session);
        await opened.RenewAsync(session);
    }

    /// <summary>Closes it to everybody until the end of the transaction.</summary>
    /// <exception cref="StateStoreException">Somebody has the store open, opens it just now, or turns the secret.</exception>
    public static async Task CloseAsync(PgSession session)
    {
        if (!await session.ScalarAsync<bool>("SELECT pg_try_advisory_xact_lock($1)", Turning))
            throw new StateStoreException("Somebody opens the store at this moment, or turns the secret of its hashes. The store is as it was; stop every server and come again.");
        if (await PgLease.HoldersAsync(session) is { Count: > 0 } holders)
            throw new StateStoreException($"The store is in use by {string.Join(", ", holders)}. It is as it was. Stop every server first; one that was killed counts until store.lease is over.");
    }
}
