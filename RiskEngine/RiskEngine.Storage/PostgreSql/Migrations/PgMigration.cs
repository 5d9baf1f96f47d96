using System.Globalization;
using System.Security.Cryptography;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.PostgreSql.Migrations;

/// <summary>One numbered step of the schema; the steps lie beside this file as <c>NNNN-name.sql</c>.</summary>
internal sealed record PgMigration(int Number, string Sql)
{
    /// <summary>Gets every step in order; the number of the last is the schema's version.</summary>
    public static IReadOnlyList<PgMigration> All { get; } = Read();

    public static int Latest => All[^1].Number;

    /// <summary>Names the lock of whoever makes tables; others of the same database wait for it. Any number does.</summary>
    private const long MakingTables = 0x5269_736B_456E_67;

    /// <summary>Brings the schema up to date, all steps or none, and makes the secrets of a new store. Replicas that start together wait for each other.</summary>
    /// <exception cref="StateStoreException">It is newer than this build, or cannot be reached or changed.</exception>
    public static Task RunAsync(PgDatabase database, CancellationToken cancellationToken) => database.ChangeAsync(
        async session =>
        {
            await BeginAsync(session);
            var version = await session.ScalarAsync<int>("SELECT version FROM riskengine_schema FOR UPDATE");
            if (version > Latest) throw new StateStoreException($"The tables in PostgreSQL have version {version}; this program knows {Latest} and does not go back. Start a newer one.");
            if (version == Latest) return true;
            foreach (var step in All.Where(step => step.Number > version)) await session.ExecuteAsync(step.Sql);
            await session.ExecuteAsync("UPDATE riskengine_schema SET version = $1", Latest);
            await MakeSecretsAsync(session);
            return true;
        },
        cancellationToken);

    /// <summary>Makes the table of the version, where it is missing, and holds off others until the end of the transaction.</summary>
    /// <remarks>
    /// The lock comes first: <c>IF NOT EXISTS</c> alone fails in three ways for whoever comes while the table is being made (23505, 42P07, 42710). It ends with the
    /// transaction, so a pooler may stand in between.
    /// </remarks>
    internal static async Task BeginAsync(PgSession session)
    {
        await session.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", MakingTables);
        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS riskengine_schema (one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL)");
        await session.ExecuteAsync("INSERT INTO riskengine_schema (version) VALUES (0) ON CONFLICT DO NOTHING");
    }

    private static async Task MakeSecretsAsync(PgSession session)
    {
        const string Insert = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        await session.ExecuteAsync(Insert, "hash_key", RandomNumberGenerator.GetBytes(16));
        await session.ExecuteAsync(Insert, "store_id", RandomNumberGenerator.GetBytes(8));
        var key = RandomNumberGenerator.GetBytes(AuditMarkCodec.KeyLength);
        if (await session.ExecuteAsync(Insert, PgAudit.KeyName, key) == 0) return;
        await session.ExecuteAsync(Insert, PgAudit.HeadName, AuditMarkCodec.Write(PgAudit.HeadName, AuditMark.Start, key));
        await session.ExecuteAsync(Insert, PgAudit.AnchorName, AuditMarkCodec.Write(PgAudit.AnchorName, AuditMark.Start, key));
    }

    private static PgMigration[] Read()
    {
        var assembly = typeof(PgMigration).Assembly;
        var prefix = typeof(PgMigration).Namespace + ".";
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new PgMigration(int.Parse(name.AsSpan(prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture), Text(name))),
        ];

        string Text(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
