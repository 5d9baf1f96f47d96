using System.Globalization;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.PostgreSql.Migrations;
using RiskEngine.Storage.Redis;

namespace RiskEngine.Storage.Shared;

/// <summary>One thing that was looked at.</summary>
/// <param name="IsGood">False where somebody has to do something.</param>
/// <param name="What">The server.</param>
/// <param name="Detail">What was found, and what to do.</param>
public sealed record SharedStoreFinding(bool IsGood, string What, string Detail);

/// <summary>Looks at PostgreSQL and Redis and changes nothing, for <c>doctor</c>.</summary>
public static class SharedStoreCheck
{
    /// <summary>Versions that the tests run against, and older ones that lack what is used.</summary>
    private const int OldestPostgres = 150_000;

    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    /// <summary>What is found, PostgreSQL first; every server is asked within its time-out.</summary>
    public static async Task<IReadOnlyList<SharedStoreFinding>> LookAsync(SharedStoreSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        List<SharedStoreFinding> findings = [];
        try
        {
            await using var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
            findings.AddRange(await database.ReadAsync(session => LookAsync(session, time), cancellationToken));
        }
        catch (StateStoreException failure)
        {
            findings.Add(new SharedStoreFinding(false, "postgresql", failure.Message));
        }

        if (settings.Redis.Endpoints.Count == 0) findings.Add(new SharedStoreFinding(false, "redis", "redis.endpoints names none: every row is read from PostgreSQL"));
        else findings.AddRange(await LookAsync(settings.Redis, time));
        return findings;
    }

    private static async Task<List<SharedStoreFinding>> LookAsync(PgSession session, TimeProvider time)
    {
        var version = int.Parse(await SettingAsync("server_version_num"), CultureInfo.InvariantCulture);
        List<SharedStoreFinding> findings =
        [
            version >= OldestPostgres ? Good($"version {version / 10_000}") : Bad($"version {version / 10_000} is older than 15, with which it is tested; upgrade it"),
        ];
        foreach (var name in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            if (await SettingAsync(name) == "off") findings.Add(Bad($"{name} is off: what was acknowledged may be lost when its machine fails; switch it on"));
        }

        if (await SettingAsync("transaction_read_only") == "on") findings.Add(Bad(PgTrouble.Describe(Npgsql.PostgresErrorCodes.ReadOnlySqlTransaction)));
        var skew = (await session.ScalarAsync<DateTime>("SELECT clock_timestamp()") - time.GetUtcNow().UtcDateTime).Duration();
        if (skew > MostSkew) findings.Add(Bad($"its clock and that of this machine are {skew.TotalSeconds:0} s apart; set both by the same time server"));
        var exists = await session.ScalarAsync<bool>("SELECT to_regclass('riskengine_schema') IS NOT NULL");
        if (!exists)
        {
            var mayCreate = await session.ScalarAsync<bool>("SELECT has_schema_privilege(current_schema(), 'CREATE')");
            findings.Add(mayCreate ? Good("the tables are not there yet; they are made at the first start") : Bad("this account may not make tables; let it own the database"));
            return findings;
        }

        var schema = await session.ScalarAsync<int>("SELECT version FROM riskengine_schema");
        if (schema > PgMigration.Latest) findings.Add(Bad($"the tables have version {schema}, this program knows {PgMigration.Latest}; start a newer one"));
        var (events, subjects) = (await session.QueryAsync("SELECT seq, profiles FROM head", row => (row.GetInt64(0), row.GetInt64(1))))[0];
        var size = await session.ScalarAsync<long>("SELECT pg_database_size(current_database())");
        findings.Add(Good($"{events} events ever stored, {subjects} subjects, {size / 1e6:0.0} MB"));
        // Tables of an older program lack what is asked for here, until the first start makes it.
        if (schema == PgMigration.Latest) findings.AddRange(await SharedDutyCheck.LookAsync(session));
        return findings;

        async Task<string> SettingAsync(string name) => await session.ScalarAsync<string>("SELECT current_setting($1)", name) ?? "";
    }

    private static async Task<List<SharedStoreFinding>> LookAsync(RedisSettings settings, TimeProvider time)
    {
        await using var redis = await RedisRows.ConnectAsync(settings, 0, new StoreMeter("shared", time));
        List<SharedStoreFinding> findings = [];
        foreach (var (endpoint, found) in await redis.InfoAsync())
        {
            if (found is null)
            {
                findings.Add(new SharedStoreFinding(false, "redis", $"{endpoint} does not answer; see whether it runs, redis.endpoints, redis.tls and the password"));
                continue;
            }

            var policy = found.GetValueOrDefault("maxmemory_policy", "");
            findings.Add(new SharedStoreFinding(true, "redis", $"{endpoint}: version {found.GetValueOrDefault("redis_version")}, {found.GetValueOrDefault("used_memory_human")} of {found.GetValueOrDefault("maxmemory_human")} used, {found.GetValueOrDefault("evicted_keys", "0")} rows evicted since its start"));
            if (found.GetValueOrDefault("maxmemory", "0") == "0") findings.Add(new SharedStoreFinding(false, "redis", $"{endpoint} has no maxmemory: it grows until its machine has no more; set one, with maxmemory-policy allkeys-lru"));
            else if (!policy.StartsWith("allkeys-", StringComparison.Ordinal)) findings.Add(new SharedStoreFinding(false, "redis", $"{endpoint} has maxmemory-policy {policy}: once full it refuses, or gives up what is in use; set allkeys-lru"));
        }

        return findings;
    }

    private static SharedStoreFinding Good(string detail) => new(true, "postgresql", detail);

    private static SharedStoreFinding Bad(string detail) => new(false, "postgresql", detail);
}
