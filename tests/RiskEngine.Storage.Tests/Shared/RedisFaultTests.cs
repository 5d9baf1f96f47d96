using RiskEngine.Core.Events;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Every way in which Redis refuses or is silent, on real servers: nothing is lost, nothing counts twice, and it goes on by itself.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private RedisServer _redis = null!;
    private SharedStoreSettings _settings = null!;
    private SharedStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync("--enable-debug-command yes");
        _settings = await SharedStores.SettingsAsync() with
        {
            Lease = TimeSpan.FromSeconds(1),
            Redis = new RedisSettings { Endpoints = [_redis.Endpoint], Timeout = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(500) },
        };
        _store = await SharedStores.AtAsync(_settings, TimeProvider.System);
        await RunAsync("before");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _redis.Server.Dispose();
    }

    [Fact]
    public async Task Out_of_memory_with_noeviction_it_is_gone_around_and_taken_back_once_it_has_room()
    {
        await _redis.CallAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await _redis.CallAsync("CONFIG", "SET", "maxmemory", "1");
        Assert.Contains("OOM", await TestServer.RunAsync("redis-cli", "-p", $"{_redis.Port}", "SET", "a", "b"), StringComparison.Ordinal);
        await GoesAroundAsync();
        await _redis.CallAsync("CONFIG", "SET", "maxmemory", "0");
        await ComesBackAsync();
    }

    [Fact]
    public async Task A_server_that_became_a_replica_and_is_read_only_is_gone_around()
    {
        await _redis.CallAsync("CONFIG", "SET", "replica-serve-stale-data", "yes");
        await _redis.CallAsync("REPLICAOF", "127.0.0.1", $"{TestServer.FreePort()}");
        Assert.Contains("READONLY", await TestServer.RunAsync("redis-cli", "-p", $"{_redis.Port}", "SET", "a", "b"), StringComparison.Ordinal);
        await GoesAroundAsync();
        await _redis.CallAsync("REPLICAOF", "NO", "ONE");
        await ComesBackAsync();
    }

    [Fact]
    public async Task While_it_loads_its_file_it_is_gone_around()
    {
        await _redis.CallAsync("DEBUG", "POPULATE", "20000");
        await _redis.CallAsync("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
        await _redis.CallAsync("CONFIG", "SET", "key-load-delay", "300");
        var loading = _redis.CallAsync("DEBUG", "RELOAD");
        await TestServer.UntilAsync(async () => (await TestServer.RunAsync("redis-cli", "-p", $"{_redis.Port}", "GET", "a"))?.Contains("LOADING", StringComparison.Ordinal) == true, "the loading");
        await GoesAroundAsync();
        await _redis.CallAsync("CONFIG", "SET", "key-load-delay", "0");
        await loading;
        await ComesBackAsync();
    }

    [Fact]
    public async Task A_process_that_hangs_is_waited_for_as_long_as_is_configured_and_then_gone_around()
    {
        await using (await _redis.HangAsync()) await GoesAroundAsync();
        await ComesBackAsync();
    }

    [Fact]
    public async Task A_password_that_is_set_meanwhile_is_as_if_it_were_down()
    {
        await _redis.CallAsync("CONFIG", "SET", "requirepass", "another one");
        await TestServer.RunAsync("redis-cli", "-p", $"{_redis.Port}", "-a", "another one", "CLIENT", "KILL", "TYPE", "normal");
        await GoesAroundAsync();
        await TestServer.RunAsync("redis-cli", "-p", $"{_redis.Port}", "-a", "another one", "CONFIG", "SET", "requirepass", "");
        await ComesBackAsync();
    }

    [Fact]
    public async Task Slots_that_move_to_another_server_are_followed()
    {
        var cluster = await RedisServer.NewClusterAsync();
        await using (var store = await SharedStores.AtAsync(_settings with { Redis = _settings.Redis with { Endpoints = [.. cluster.Select(server => server.Endpoint)], Timeout = TimeSpan.FromSeconds(5) } }, TimeProvider.System))
        {
            for (var i = 0; i < 40; i++) await Work(store).Login($"a{i}", Now, $"s{i}").RunAsync(store);
            var (from, to) = (await cluster[0].CallAsync("CLUSTER", "MYID"), await cluster[1].CallAsync("CLUSTER", "MYID"));
            var moved = await TestServer.RunAsync("redis-cli", "--cluster", "reshard", cluster[0].Endpoint, "--cluster-from", from!, "--cluster-to", to!, "--cluster-slots", "6000", "--cluster-yes");
            Assert.NotNull(moved);
            Assert.Equal("0", await cluster[0].CallAsync("DBSIZE"));
            for (var i = 0; i < 40; i++) await Work(store).Login($"b{i}", Now, $"s{i}").RunAsync(store);
            for (var i = 0; i < 40; i++) Assert.Equal(2u, await LoginsAsync(store, $"s{i}"));
            await TestServer.UntilAsync(() => Task.FromResult(!store.IsWithoutCopies), "copies that count");
            Assert.NotEqual("0", await cluster[1].CallAsync("DBSIZE"));
            Assert.Null(store.Meter.FailingSince);
        }

        foreach (var server in cluster) server.Server.Dispose();
    }

    private static UnitOfWork Work(SharedStateStore store) => new(store.Hash);

    private static async Task<uint> LoginsAsync(SharedStateStore store, string subject = "42") => (await Work(store).Login("x", Now, subject).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins;

    /// <summary>Events are stored and counted once, questions are answered, and it is told that copies do not count.</summary>
    private async Task GoesAroundAsync()
    {
        await RunAsync("during");
        Assert.Equal(2u, await LoginsAsync(_store));
        await SharedStores.CutAsync(_store);
        Assert.True(_store.IsWithoutCopies);
        Assert.Equal(2u, await LoginsAsync(_store));
        Assert.Null(_store.Meter.FailingSince);
    }

    /// <summary>It counts again, and another replica, which reads it, is right.</summary>
    private async Task ComesBackAsync()
    {
        await TestServer.UntilAsync(() => Task.FromResult(!_store.IsWithoutCopies), "the return of Redis");
        await RunAsync("after");
        await using var other = await SharedStores.AtAsync(_settings, TimeProvider.System);
        Assert.Equal(3u, await LoginsAsync(other));
        Assert.NotEqual("0", await _redis.CallAsync("DBSIZE"));
    }

    private Task RunAsync(string id) => Work(_store).Login(id, Now).RunAsync(_store);
}
