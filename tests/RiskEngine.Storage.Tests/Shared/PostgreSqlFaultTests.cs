using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Every way in which PostgreSQL refuses, on a real server: nothing is half done, cause and remedy are told, and it goes on by itself.</summary>
public sealed class PostgreSqlFaultTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private PostgreSqlServer _postgres = null!;

    public async Task InitializeAsync() => _postgres = await PostgreSqlServer.StartAsync();

    public Task DisposeAsync()
    {
        _postgres.Server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Read_only_it_stores_nothing_and_says_where_the_primary_is_to_be_named()
    {
        await using var store = await OpenAsync(await _postgres.NewDatabaseAsync());
        await RefusesAsync(
            store,
            () => SqlAsync("postgres", "ALTER DATABASE test1 SET default_transaction_read_only = on; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test1'"),
            "PostgreSQL is read-only",
            () => SqlAsync("postgres", "ALTER DATABASE test1 RESET default_transaction_read_only; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test1'"));
    }

    /// <summary>A real full disk, where this account may mount one; where it may not, the code of one, raised by a trigger.</summary>
    [Fact]
    public async Task With_a_full_disk_it_stores_nothing_and_says_that_room_is_needed()
    {
        await using var disk = await SmallDisk.TryMountAsync(_postgres.Server.Folder, 48, "postgres");
        var connection = await _postgres.NewDatabaseAsync();
        if (disk is not null)
        {
            await SqlAsync("postgres", $"CREATE TABLESPACE small LOCATION '{disk.Path}'");
            await SqlAsync("postgres", "ALTER DATABASE test1 SET TABLESPACE small");
        }

        await using (var store = await OpenAsync(connection))
        {
            // An event that needs more room than is free in the pages that its tables have already.
            await RefusesAsync(
                store, disk is null ? RaiseAsync : FillAsync, "The disk of PostgreSQL is full",
                disk is null ? () => SqlAsync("test1", "DROP TRIGGER full_disk ON head") : () => SqlAsync("test1", "DROP TABLE filler"),
                Convert.ToHexString(RandomNumberGenerator.GetBytes(100_000)));
        }

        async Task FillAsync()
        {
            await SqlAsync("test1", "CREATE TABLE filler (body text); ALTER TABLE filler ALTER body SET STORAGE PLAIN");
            // Row by row until there is no room for one, so that what follows is refused by the disk and not by this.
            for (var size = 7000; size >= 1; size /= 7)
            {
                while (await _postgres.ExecuteAsync("test1", $"INSERT INTO filler SELECT repeat('x', {size}) FROM generate_series(1, 100)") is not null)
                {
                }
            }
        }

        Task RaiseAsync() => SqlAsync(
            "test1",
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$; CREATE TRIGGER full_disk BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION full_disk()");
    }

    [Fact]
    public async Task With_a_wrong_password_it_does_not_start_and_after_a_change_it_stores_nothing_until_that_is_mended()
    {
        var connection = (await _postgres.NewDatabaseAsync()).Replace("Username=riskengine", "Username=app", StringComparison.Ordinal);
        await SqlAsync("postgres", "CREATE ROLE app LOGIN PASSWORD 'right'; ALTER DATABASE test1 OWNER TO app; ALTER SCHEMA public OWNER TO app");
        await SqlAsync("test1", "ALTER SCHEMA public OWNER TO app");
        var rules = Path.Combine(_postgres.Server.Folder.FullName, "data", "pg_hba.conf");
        await File.WriteAllTextAsync(rules, "host all app 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(rules));
        await SqlAsync("postgres", "SELECT pg_reload_conf()");
        await TestServer.UntilAsync(async () => await FailsAsync(connection, "secret-one") is { } words && words.Contains("refuses the credentials", StringComparison.Ordinal) && !words.Contains("secret-one", StringComparison.Ordinal), "the refusal");

        await using var store = await OpenAsync(connection, "right");
        await RefusesAsync(
            store,
            () => SqlAsync("postgres", "ALTER ROLE app PASSWORD 'other'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'"),
            "PostgreSQL refuses the credentials",
            () => SqlAsync("postgres", "ALTER ROLE app PASSWORD 'right'"));
    }

    [Fact]
    public async Task A_server_that_hangs_is_waited_for_as_long_as_is_configured()
    {
        var connection = await _postgres.NewDatabaseAsync();
        await using var store = await OpenAsync(connection);
        IAsyncDisposable? hung = null;
        // The server and the processes of its connections.
        await RefusesAsync(
            store,
            async () => hung = await HungProcess.StopAsync((await File.ReadAllLinesAsync(Path.Combine(_postgres.Server.Folder.FullName, "data", "postmaster.pid")))[0] + " " + (await SqlAsync("postgres", "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = 'test1'")).Trim()),
            "PostgreSQL did not answer in time",
            async () => await hung!.DisposeAsync());
    }

    private static UnitOfWork Work(SharedStateStore store) => new(store.Hash);

    private static Task<SharedStateStore> OpenAsync(string connection, string? password = null) => SharedStores.AtAsync(
        new SharedStoreSettings { ConnectionString = connection, Password = password, Timeout = TimeSpan.FromSeconds(3), Lease = TimeSpan.FromSeconds(1), Redis = new RedisSettings() }, TimeProvider.System);

    private static async Task<string?> FailsAsync(string connection, string password)
    {
        try
        {
            await using var store = await OpenAsync(connection, password);
            return null;
        }
        catch (StateStoreException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>While the fault lasts a commit fails as a whole with those words and the meter tells of it; once it is mended the same event is stored, once.</summary>
    private static async Task RefusesAsync(SharedStateStore store, Func<Task> begin, string words, Func<Task> mend, string id = "during")
    {
        await Work(store).Login("before", Now).RunAsync(store);
        var work = (await Work(store).Login(id, Now).LoadAsync(store)).Judge();
        await begin();
        StateStoreException? failure = null;
        try
        {
            // The first may be about a connection that broke off.
            await TestServer.UntilAsync(
                async () =>
                {
                    failure = await Assert.ThrowsAnyAsync<StateStoreException>(async () => await store.CommitAsync(work.Effects, CancellationToken.None));
                    return failure.Message.StartsWith(words, StringComparison.Ordinal);
                },
                $"\"{words}\"");
            Assert.False(failure!.IsConflict);
            Assert.NotNull(store.Meter.FailingSince);
            Assert.StartsWith(words, WriteTrouble.Describe(failure), StringComparison.Ordinal);
        }
        finally
        {
            await mend();
        }

        await TestServer.UntilAsync(
            async () =>
            {
                try
                {
                    await Work(store).Login(id, Now).RunAsync(store);
                    return true;
                }
                catch (StateStoreException)
                {
                    return false;
                }
            },
            "the return of PostgreSQL");
        Assert.Equal([id, "before"], (await store.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Select(item => item.EventId));
        Assert.Equal(2u, (await Work(store).Login("x", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins);
        await TestServer.UntilAsync(() => Task.FromResult(store.Meter.FailingSince is null), "a meter that tells that it works");
    }

    private async Task<string> SqlAsync(string database, string sql) => await _postgres.ExecuteAsync(database, sql) ?? throw new InvalidOperationException($"PostgreSQL refused what a test needs: {_postgres.Server.Log}");
}
