using RiskEngine.Core.State;
using RiskEngine.Storage.Moving;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.PostgreSql.Migrations;

namespace RiskEngine.Storage.Shared;

/// <summary>Whether PostgreSQL holds a store that can be read, for whoever only reads it and makes no tables.</summary>
internal static class SharedTables
{
    /// <summary>The head of the store.</summary>
    /// <exception cref="StateStoreException">It cannot be reached, has no tables yet or those of another version, or a move into it is not at its end.</exception>
    public static Task<PgHead> HeadAsync(PgDatabase database, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            if (!await session.ScalarAsync<bool>("SELECT to_regclass('riskengine_schema') IS NOT NULL")) throw new StateStoreException("PostgreSQL has no tables of a store yet. Start a server on it once.");
            var version = await session.ScalarAsync<int>("SELECT version FROM riskengine_schema");
            if (version != PgMigration.Latest) throw new StateStoreException($"The tables in PostgreSQL have version {version}, this program reads {PgMigration.Latest}. Start {(version < PgMigration.Latest ? "a server of this version on them once" : "a newer one")}.");
            await MigrationMark.RefuseHalfAsync(session);
            return (await session.QueryAsync(PgHead.Select, PgHead.Read))[0];
        },
        cancellation);
}
