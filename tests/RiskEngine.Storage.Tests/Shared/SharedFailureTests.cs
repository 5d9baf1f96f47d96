using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Servers that go away, come back empty, or hold what is out of date.</summary>
public sealed class SharedFailureTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private RedisServer _redis = null!;
    private SharedStoreSettings _settings = null!;
    private SharedStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _settings = await SharedStores.SettingsAsync() with
        {
            Lease = TimeSpan.FromSeconds(1),
            Redis = new RedisSettings { Endpoints = [_redis.Endpoint], Timeout = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(500) },
        };
        _store = await SharedStores.AtAsync(_settings, _time);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _redis.Server.Dispose();
    }

    [Fact]
    public async Task Redis_that_forgot_everything_is_filled_again_from_PostgreSQL()
    {
        await RunAsync("a");
        await _redis.CallAsync("FLUSHALL");
        Assert.Equal(1u, await LoginsAsync());
        await RunAsync("b");
        Assert.Equal(2u, await LoginsAsync());
        Assert.NotEqual("0", await _redis.CallAsync("DBSIZE"));
    }

    [Fact]
    public async Task Redis_that_forgot_its_scripts_is_sent_them_again()
    {
        await RunAsync("a");
        await _redis.CallAsync("SCRIPT", "FLUSH");
        await RunAsync("b");
        Assert.False(_store.IsWithoutCopies);
        Assert.Equal(2u, await LoginsAsync());
    }

    [Fact]
    public async Task Without_Redis_everything_goes_on_and_what_it_has_when_it_is_back_does_not_count()
    {
        await RunAsync("a");
        await using var other = await SharedStores.AtAsync(_settings, _time);
        Assert.Equal(1u, await LoginsAsync(other));
        _redis.Server.Dispose();
        await RunAsync("b");
        Assert.Equal(2u, await LoginsAsync(other));
        await SharedStores.CutAsync(_store);
        Assert.True(_store.IsWithoutCopies);
        Assert.Equal(2u, await LoginsAsync());
        Assert.Equal(2u, await LoginsAsync(other));
        Assert.Null(_store.Meter.FailingSince);

        _redis = await RedisServer.StartAsync(port: _redis.Port);
        await TestServer.UntilAsync(() => Task.FromResult(!_store.IsWithoutCopies), "the return of Redis");
        await RunAsync("c");
        Assert.Equal(3u, await LoginsAsync(other));
        Assert.NotEqual("0", await _redis.CallAsync("DBSIZE"));
    }

    [Fact]
    public async Task A_replica_that_was_killed_before_it_wrote_its_copies_leaves_no_wrong_count()
    {
        await RunAsync("a");
        var before = (await Work(_store).Login("x", Now).LoadAsync(_store)).View;
        var loaded = (LoadedRows)before.Origin!;
        (RowKey, RowValue)[] old = [.. loaded.Keys.Zip(loaded.Values.ToArray()).Where(row => row.Second.IsThere)];
        await RunAsync("b");
        // What Redis has if the process dies between the commit and the copies: the rows of before.
        await _redis.CallAsync("FLUSHALL");
        await _store.Copies.WriteAsync(_store.Head.Epoch, old);
        await using var other = await SharedStores.AtAsync(_settings with { MayLead = false }, _time);
        Assert.Equal(2u, await LoginsAsync());
        Assert.Equal(2u, await LoginsAsync(other));

        // Nor once it has left the journal, and memory with it: whoever cuts it off writes the copies that are owed.
        await SharedStores.CutAsync(other);
        Assert.Equal(0, other.Journal.Bytes);
        Assert.Equal(2u, await LoginsAsync(other));
        await RunAsync("c");
        Assert.Equal(3u, await LoginsAsync(other));
    }

    [Fact]
    public async Task An_older_copy_never_takes_the_place_of_a_newer_one()
    {
        await RunAsync("a");
        var view = (await Work(_store).Login("x", Now).LoadAsync(_store)).View;
        var key = new RowKey(StateRowKind.Profile, view[0].SubjectKey);
        await _store.Copies.WriteAsync(_store.Head.Epoch, [(key, new RowValue(0, new byte[] { 1 }))]);
        Assert.Equal(1u, await LoginsAsync());
    }

    [Fact]
    public async Task Redis_that_takes_no_more_writes_costs_nothing_but_time()
    {
        await _redis.CallAsync("CONFIG", "SET", "maxmemory", "1");
        await RunAsync("a");
        await SharedStores.CutAsync(_store);
        Assert.True(_store.IsWithoutCopies);
        Assert.Equal(1u, await LoginsAsync());
    }

    [Fact]
    public async Task Without_PostgreSQL_nothing_is_stored_questions_are_answered_and_it_goes_on_by_itself()
    {
        var postgres = await PostgreSqlServer.StartAsync();
        await using var store = await SharedStores.AtAsync(_settings with { ConnectionString = await postgres.NewDatabaseAsync(), Timeout = TimeSpan.FromSeconds(2) }, _time);
        var first = (await Work(store).Login("a", Now).LoadAsync(store)).Judge();
        first.View.Carried.Write(CarriedPart.Valve, 1);
        await store.CommitAsync(first.Effects, CancellationToken.None);
        var late = (await Work(store).Login("b", Now).LoadAsync(store)).Judge();
        postgres.Server.Dispose();
        var failure = await Assert.ThrowsAsync<StateStoreException>(async () => await store.CommitAsync(late.Effects, CancellationToken.None));
        Assert.False(failure.IsConflict);
        Assert.NotNull(store.Meter.FailingSince);
        Assert.StartsWith("PostgreSQL ", WriteTrouble.Describe(failure), StringComparison.Ordinal);

        var question = Work(store).Login("b", Now);
        question.View.IsQuestion = true;
        await question.LoadAsync(store);
        Assert.Equal(1u, question.View.Profiles.Profile(0).Header.Logins);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_at_the_start_with_what_to_do()
    {
        var failure = await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings with { ConnectionString = $"Host=127.0.0.1;Port={TestServer.FreePort()};Username=x;Database=x" }, _time));
        Assert.Contains("postgres.connection_string", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings with { ConnectionString = _settings.ConnectionString.Replace("Database=test", "Database=none", StringComparison.Ordinal) }, _time));
        Assert.Contains("does not exist", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings with { ConnectionString = "nonsense" }, _time));
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_left_as_they_are()
    {
        var postgres = await PostgreSqlServer.CurrentAsync();
        var database = _settings.ConnectionString.Split("Database=")[1].Split(';')[0];
        await postgres.ExecuteAsync(database, "UPDATE riskengine_schema SET version = 99");
        var failure = await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings, _time));
        Assert.Contains("have version 99", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_that_start_together_make_the_tables_once()
    {
        var settings = await SharedStores.SettingsAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SharedStores.AtAsync(settings, _time)));
        Assert.Single(stores.Select(store => store.Hash.Hash("x"u8)).Distinct());
        Assert.Single(stores, store => store.IsLeader);
        foreach (var store in stores) await store.DisposeAsync();
    }

    private static UnitOfWork Work(SharedStateStore store) => new(store.Hash);

    private Task RunAsync(string id) => Work(_store).Login(id, Now).RunAsync(_store);

    private async Task<uint> LoginsAsync(SharedStateStore? store = null) => (await Work(store ?? _store).Login("x", Now).LoadAsync(store ?? _store)).View.Profiles.Profile(0).Header.Logins;
}
