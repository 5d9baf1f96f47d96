using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.PostgreSql.Migrations;

/// <summary>One numbered step of the schema; the steps lie beside this file as <c>NNNN-name.sql</c>.</summary>
internal sealed record PgMigration(int Number, string Sql)
{
    /// <summary>Gets every step in order; the number of the last is the schema's version.</summary>
    public static IReadOnlyList<PgMigration> All { get; } = Read();

    public static int Latest => All[^1].Number;

    /// <summary>Brings the schema up to date, all steps or none, and makes the secrets of a new store. Replicas that start together wait for each other.</summary>
    /// <exception cref="StateStoreException">It is newer than this build, or cannot be reached or changed.</exception>
    public static async Task RunAsync(PgDatabase database, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await RunOnceAsync(database, cancellationToken);
                return;
            }
            catch (StateStoreException failure) when (tries < 5 && failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable })
            {
                // Another replica made the first table at the same moment: that one is waited for now.
            }
        }
    }

    private static Task RunOnceAsync(PgDatabase database, CancellationToken cancellationToken) => database.ChangeAsync(
        async session =>
        {
            // Made by whoever comes first; the lock on its one row is what the others wait for.
            await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS riskengine_schema (one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL)");
            await session.ExecuteAsync("INSERT INTO riskengine_schema (version) VALUES (0) ON CONFLICT DO NOTHING");
            var version = await session.ScalarAsync<int>("SELECT version FROM riskengine_schema FOR UPDATE");
            if (version > Latest) throw new StateStoreException($"The tables in PostgreSQL have version {version}; this program knows {Latest} and does not go back. Start a newer one.");
            if (version == Latest) return true;
            foreach (var step in All.Where(step => step.Number > version)) await session.ExecuteAsync(step.Sql);
            await session.ExecuteAsync("UPDATE riskengine_schema SET version = $1", Latest);
            await MakeSecretsAsync(session);
            return true;
        },
        cancellationToken);

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
