using System.Text.Json;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Moving;

/// <summary>How far a move has come, kept in the shared store with each slice: while it stands there nobody serves that store.</summary>
/// <param name="Source">Which file it is of, in the state that it had.</param>
/// <param name="Table">The table that goes over; those before it are there whole.</param>
/// <param name="After">Where its last slice ended; null before the first.</param>
internal sealed record MigrationMark(string Source, string Table, long[]? After)
{
    private const string Name = "migration";

    /// <summary>What is stored; null where no move was begun.</summary>
    public static async Task<MigrationMark?> ReadAsync(PgSession session) =>
        await PgRecords.MetaAsync(session, Name) is { Length: > 0 } stored ? JsonSerializer.Deserialize<MigrationMark>(stored) : null;

    /// <exception cref="StateStoreException">A move into this store was begun and is not done.</exception>
    public static async Task<bool> RefuseHalfAsync(PgSession session) => await ReadAsync(session) is null ? true
        : throw new StateStoreException("A move of an embedded store into these tables was begun and is not done. Run \"riskengine migrate --yes\" again, which goes on with it; or drop the tables and begin anew.");

    /// <summary>Takes the lock that keeps two moves apart, and looks whether the mark is still where this one left it.</summary>
    /// <exception cref="StateStoreException">It is not.</exception>
    public async Task LockAsync(PgSession session)
    {
        var stored = await session.ScalarAsync<byte[]>("SELECT value FROM meta WHERE name = $1 FOR UPDATE", Name);
        if (stored is null || !stored.AsSpan().SequenceEqual(Bytes)) throw new StateStoreException("Somebody else moves a store into these tables at the same time. Let one of them finish.");
    }

    public Task BeginAsync(PgSession session) => PgRecords.PutMetaAsync(session, Name, Bytes);

    /// <summary>Stores it with the next flush.</summary>
    public void WriteLater(PgSession session) => session.Later("UPDATE meta SET value = $2 WHERE name = $1", Name, Bytes);

    public static void RemoveLater(PgSession session) => session.Later("DELETE FROM meta WHERE name = $1", Name);

    private byte[] Bytes => JsonSerializer.SerializeToUtf8Bytes(this);
}
