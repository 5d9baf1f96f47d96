using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>What <c>doctor</c> says of real servers with one setting wrong, and that it keeps quiet where all are right.</summary>
public sealed class SharedStoreCheckTests : IAsyncLifetime
{
    private PostgreSqlServer _postgres = null!;
    private RedisServer _redis = null!;
    private SharedStoreSettings _settings = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgreSqlServer.StartAsync(waitsForDisk: true);
        _redis = await RedisServer.StartAsync("--maxmemory 100mb --maxmemory-policy allkeys-lru");
        _settings = new SharedStoreSettings { ConnectionString = await _postgres.NewDatabaseAsync(), Timeout = TimeSpan.FromSeconds(10), Redis = new RedisSettings { Endpoints = [_redis.Endpoint], Timeout = TimeSpan.FromSeconds(5) } };
    }

    public Task DisposeAsync()
    {
        _postgres.Server.Dispose();
        _redis.Server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Servers_that_are_as_they_should_be_are_told_without_a_fault_before_the_first_start_and_after_it()
    {
        Assert.DoesNotContain(await LookAsync(), finding => !finding.IsGood);
        await using (await SharedStores.AtAsync(_settings, TimeProvider.System))
        {
        }

        var found = await LookAsync();
        Assert.DoesNotContain(found, finding => !finding.IsGood);
        Assert.Contains(found, finding => finding.Detail.Contains("0 events ever stored", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.Detail.Contains("of 100.00M used, 0 rows evicted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_leads_and_polls_is_told_and_that_nobody_does()
    {
        await using (await SharedStores.AtAsync(_settings, TimeProvider.System))
        {
            var found = await LookAsync();
            foreach (var what in new[] { "leader", "poller" }) Assert.Equal($"process {Environment.ProcessId} on {Environment.MachineName}", found.Single(finding => finding.What == what).Detail);
            Assert.Equal("nothing waits to be carried over", found.Single(finding => finding.What == "journal").Detail);
        }

        Assert.StartsWith("nobody: nothing is delivered", (await LookAsync()).Single(finding => finding.What == "leader").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "start a server with the role engine")]
    [InlineData(true, "see PostgreSQL's disk and load, and the log of the server that leads")]
    public async Task Rows_that_nobody_carries_over_are_told_with_what_to_do(bool isLed, string remedy)
    {
        await using var store = await SharedStores.AtAsync(_settings with { MayLead = false }, TimeProvider.System);
        await new UnitOfWork(store.Hash).Login("a", new Core.Events.EventTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())).RunAsync(store);
        Assert.Matches(@"^1 units of work, 0\.0 MB, wait to be carried over, the oldest for [0-9]+ s$", (await LookAsync()).Single(finding => finding.What == "journal").Detail);
        var database = _settings.ConnectionString.Split("Database=")[1].Split(';')[0];
        await _postgres.ExecuteAsync(database, "UPDATE journal SET at = at - interval '5 minutes'" + (isLed ? "; INSERT INTO leases (name, holder, until, who) VALUES ('leader', gen_random_uuid(), now() + interval '1 minute', 'somebody')" : ""));
        var fault = Assert.Single(await LookAsync(), finding => !finding.IsGood);
        Assert.Contains(remedy, fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("synchronous_commit")]
    [InlineData("full_page_writes")]
    public async Task A_setting_by_which_what_was_acknowledged_may_be_lost_is_told(string setting)
    {
        await SetAsync(setting, "off");
        var fault = Assert.Single(await LookAsync(), finding => !finding.IsGood);
        Assert.StartsWith($"{setting} is off: what was acknowledged may be lost", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_read_only_is_told()
    {
        await SetAsync("default_transaction_read_only", "on");
        Assert.Contains("Target Session Attributes=primary", Assert.Single(await LookAsync(), finding => !finding.IsGood).Detail, StringComparison.Ordinal);
    }

    [Theory, InlineData(10), InlineData(-10)]
    public async Task A_clock_that_is_minutes_off_is_told_with_how_far(int minutes)
    {
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(minutes));
        var fault = Assert.Single(await SharedStoreCheck.LookAsync(_settings, clock, CancellationToken.None), finding => !finding.IsGood);
        Assert.Matches("its clock and that of this machine are (59[0-9]|60[0-9]) s apart", fault.Detail);
    }

    [Fact]
    public async Task An_account_that_may_make_no_tables_is_told()
    {
        await _postgres.ExecuteAsync("postgres", "CREATE ROLE app LOGIN");
        var asApp = _settings with { ConnectionString = _settings.ConnectionString.Replace("Username=riskengine", "Username=app", StringComparison.Ordinal) };
        var fault = Assert.Single(await SharedStoreCheck.LookAsync(asApp, TimeProvider.System, CancellationToken.None), finding => !finding.IsGood);
        Assert.Contains("may not make tables; let it own the database", fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxmemory", "0", "has no maxmemory")]
    [InlineData("maxmemory-policy", "noeviction", "has maxmemory-policy noeviction")]
    [InlineData("maxmemory-policy", "volatile-lru", "has maxmemory-policy volatile-lru")]
    public async Task What_Redis_does_when_its_memory_is_full_is_told(string setting, string value, string told)
    {
        await _redis.CallAsync("CONFIG", "SET", setting, value);
        var fault = Assert.Single(await LookAsync(), finding => !finding.IsGood);
        Assert.Equal("redis", fault.What);
        Assert.Contains(told, fault.Detail, StringComparison.Ordinal);
        Assert.Contains("allkeys-lru", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_wants_another_password_or_hangs_does_not_answer()
    {
        await _redis.CallAsync("CONFIG", "SET", "requirepass", "another one");
        Assert.Contains("does not answer; see whether it runs, redis.endpoints, redis.tls and the password", Assert.Single(await LookAsync(), finding => !finding.IsGood).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_is_told_and_Redis_is_looked_at_all_the_same()
    {
        _postgres.Server.Dispose();
        var found = await LookAsync();
        Assert.Contains("cannot be reached", Assert.Single(found, finding => !finding.IsGood).Detail, StringComparison.Ordinal);
        Assert.Contains(found, finding => finding is { IsGood: true, What: "redis" });
    }

    private Task<IReadOnlyList<SharedStoreFinding>> LookAsync() => SharedStoreCheck.LookAsync(_settings, TimeProvider.System, CancellationToken.None);

    private async Task SetAsync(string name, string value)
    {
        await _postgres.ExecuteAsync("postgres", $"ALTER SYSTEM SET {name} = {value}");
        await _postgres.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await TestServer.UntilAsync(async () => await _postgres.ExecuteAsync("test1", $"SHOW {name}") is { } now && now.Trim() == value, $"{name} = {value}");
    }
}
