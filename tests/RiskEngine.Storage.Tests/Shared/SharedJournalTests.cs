using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Changed rows are appended in PostgreSQL and carried over into their table later: nobody who judges may see the difference.</summary>
public sealed class SharedJournalTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private string _database = "";
    private PostgreSqlServer _postgres = null!;
    private SharedStoreSettings _settings = null!;
    private SharedStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgreSqlServer.CurrentAsync();
        // Nobody leads, so rows are carried over where a test says so and nowhere else.
        _settings = await SharedStores.SettingsAsync() with { MayLead = false };
        _database = _settings.ConnectionString.Split("Database=")[1].Split(';')[0];
        _store = await OpenAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_row_is_in_the_journal_until_it_is_carried_over_and_is_read_either_way()
    {
        await RunAsync(_store, "a");
        Assert.Equal("0", await AskAsync("SELECT count(*) FROM state_rows"));
        Assert.Equal("1", await AskAsync("SELECT count(*) FROM journal"));
        Assert.Equal(1u, await LoginsAsync(_store));

        await _store.Carrier.CarryAsync();
        Assert.NotEqual("0", await AskAsync("SELECT count(*) FROM state_rows"));
        Assert.Equal("0", await AskAsync("SELECT count(*) FROM journal"));
        Assert.Equal(0, _store.Journal.Bytes);
        Assert.Equal(1u, await LoginsAsync(_store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_starts_has_what_was_not_carried_over_with_Redis_and_without(bool hasRedis)
    {
        for (var i = 0; i < 5; i++) await RunAsync(_store, $"{i}");
        await using var other = await SharedStores.AtAsync(hasRedis ? _settings : _settings with { Redis = new RedisSettings() }, _time);
        Assert.Equal(5u, await LoginsAsync(other));
        await RunAsync(other, "5");
        Assert.Equal(6u, await LoginsAsync(_store));
    }

    [Fact]
    public async Task Of_many_changes_of_a_row_the_last_one_is_written_into_the_table()
    {
        for (var i = 0; i < 5; i++) await RunAsync(_store, $"{i}");
        await _store.Carrier.CarryAsync();
        Assert.Equal("5", await AskAsync($"SELECT version FROM state_rows WHERE kind = {(int)StateRowKind.Profile}"));
        Assert.Equal("1", await AskAsync($"SELECT count(*) FROM state_rows WHERE kind = {(int)StateRowKind.Profile}"));
    }

    [Fact]
    public async Task Who_carries_over_late_does_not_undo_what_another_one_carried_over()
    {
        await RunAsync(_store, "a");
        var (old, _) = _store.Journal.Between(0, long.MaxValue);
        await RunAsync(_store, "b");
        await _store.Carrier.CarryAsync();
        await _store.Database.ChangeAsync(session => Storage.PostgreSql.PgRows.CarryAsync(session, old), CancellationToken.None);
        Assert.Equal("2", await AskAsync($"SELECT version FROM state_rows WHERE kind = {(int)StateRowKind.Profile}"));
        Assert.Equal(2u, await LoginsAsync(_store));
    }

    [Fact]
    public async Task A_unit_that_was_loaded_before_the_journal_was_cut_is_judged_again()
    {
        await using var other = await OpenAsync();
        await RunAsync(_store, "a");
        var late = (await Work().Login("b", Now).LoadAsync(_store)).Judge();
        await RunAsync(other, "c");
        await other.Carrier.CarryAsync();
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await _store.CommitAsync(late.Effects, CancellationToken.None))).IsConflict);
        await RunAsync(_store, "b");
        Assert.Equal(3u, await LoginsAsync(other));
    }

    [Fact]
    public async Task A_unit_that_was_loaded_before_another_subject_changed_is_not_judged_again_while_the_journal_knows_that()
    {
        await using var other = await OpenAsync();
        await RunAsync(_store, "a");
        var late = (await Work().Login("b", Now).LoadAsync(_store)).Judge();
        await Work().Login("c", Now, "another", "203.0.113.9").RunAsync(other);
        other.Carrier.Kept = 64;
        await other.Carrier.CarryAsync();
        await _store.CommitAsync(late.Effects, CancellationToken.None);
        Assert.Equal(0, _store.Meter.Conflicts);
        Assert.Equal(2u, await LoginsAsync(other));
    }

    [Fact]
    public async Task Somebody_who_is_erased_is_neither_in_the_journal_nor_in_memory_nor_carried_over_later()
    {
        await using var other = await OpenAsync();
        await RunAsync(_store, "a");
        Assert.Equal(1u, await LoginsAsync(other));
        var report = await other.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), new AuditEntry(0, Now, "admin", "subject.erase", "", ""), CancellationToken.None);
        Assert.Equal(1, report.Rows[ErasureReport.Profiles]);
        // What is left says which rows went, and has no row.
        Assert.Equal("0", await AskAsync("SELECT count(*) FROM journal WHERE number <= 1"));
        Assert.Equal(0u, await LoginsAsync(_store));
        Assert.Equal(0u, await LoginsAsync(other));
        await _store.Carrier.CarryAsync();
        Assert.Equal("0", await AskAsync($"SELECT count(*) FROM state_rows WHERE kind = {(int)StateRowKind.Profile}"));
    }

    [Fact]
    public async Task A_dry_run_of_an_erasure_changes_nothing()
    {
        await RunAsync(_store, "a");
        await _store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: true), new AuditEntry(0, Now, "admin", "subject.erase", "", ""), CancellationToken.None);
        Assert.Equal(1u, await LoginsAsync(_store));
        await RunAsync(_store, "b");
        Assert.Equal(2u, await LoginsAsync(_store));
    }

    [Fact]
    public async Task A_row_that_nobody_has_is_asked_for_once_and_is_seen_when_somebody_makes_it()
    {
        await using var other = await OpenAsync();
        Assert.Equal(0u, await LoginsAsync(_store));
        Assert.Equal(0u, await LoginsAsync(_store));
        await RunAsync(other, "a");
        await other.Carrier.CarryAsync();
        Assert.Equal(1u, await LoginsAsync(_store));
    }

    /// <summary>A store that cuts its journal as soon as it has carried it over.</summary>
    private async Task<SharedStateStore> OpenAsync()
    {
        var store = await SharedStores.AtAsync(_settings, _time);
        (store.Carrier.Settling, store.Carrier.Kept) = (TimeSpan.Zero, 0);
        return store;
    }

    [Fact]
    public async Task What_another_replica_appends_while_the_journal_is_cut_is_taken_all_the_same()
    {
        await using var other = await OpenAsync();
        await RunAsync(_store, "a");
        var through = _store.Journal.Through;
        await RunAsync(other, "b");
        var head = await other.Database.ChangeAsync(session => Storage.PostgreSql.PgJournal.CutAsync(session, through, through), CancellationToken.None);
        Assert.True(head.Number > through);
        _store.Journal.Cut(head.Forgotten);
        Assert.Equal(through, _store.Journal.Through);
        await RunAsync(_store, "c");
        Assert.Equal(3u, await LoginsAsync(_store));
    }

    [Fact]
    public async Task A_unit_that_cannot_be_read_is_trouble_of_the_store_and_not_of_the_events()
    {
        await RunAsync(_store, "a");
        await AskAsync("UPDATE journal SET body = substr(body, 1, length(body) - 1)");
        var failure = await Assert.ThrowsAsync<StateStoreException>(OpenAsync);
        Assert.Contains("Number 1 of the table journal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_behind_because_Redis_forgot_the_newer_one_is_mended_before_memory_gives_the_row_up()
    {
        await RunAsync(_store, "a");
        await _store.Carrier.CarryAsync();
        var loaded = (LoadedRows)(await Work().Login("x", Now).LoadAsync(_store)).View.Origin!;
        (RowKey, RowValue)[] old = [.. loaded.Keys.Zip(loaded.Values.ToArray()).Where(row => row.Second.IsThere)];
        await RunAsync(_store, "b");
        // What somebody read from the table before, and wrote into a Redis that came back empty.
        await (await RedisServer.CurrentAsync()).CallAsync("FLUSHALL");
        await _store.Copies.RefillAsync(_store.Head.Epoch, old);
        Assert.Equal(2u, await LoginsAsync(_store));
        await _store.Carrier.CarryAsync();
        Assert.Equal(0, _store.Journal.Bytes);
        Assert.Equal(2u, await LoginsAsync(_store));
    }

    [Fact]
    public async Task What_is_carried_over_stays_in_the_journal_while_something_may_be_on_its_way_to_Redis()
    {
        _store.Carrier.Settling = TimeSpan.FromHours(1);
        await RunAsync(_store, "a");
        await _store.Carrier.CarryAsync();
        await _store.Carrier.CarryAsync();
        Assert.Equal("1,0,1", await AskAsync("SELECT concat_ws(',', carried, forgotten, (SELECT count(*) FROM journal)) FROM head"));
        Assert.NotEqual(0, _store.Journal.Bytes);
    }

    [Fact]
    public async Task No_copy_of_somebody_who_is_erased_stays_in_Redis_under_an_old_epoch()
    {
        await RunAsync(_store, "a");
        await SharedStores.CutAsync(_store);
        await RunAsync(_store, "b");
        var view = (await Work().Login("x", Now).LoadAsync(_store)).View;
        var (key, epoch) = (new RowKey(StateRowKind.Profile, view[0].SubjectKey), _store.Head.Epoch);
        var copy = new RowValue[1];
        Assert.True(await _store.Copies.TryReadAsync(epoch, [key], copy) && copy[0].IsThere);
        await _store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), new AuditEntry(0, Now, "admin", "subject.erase", "", ""), CancellationToken.None);
        Assert.NotEqual(epoch, _store.Head.Epoch);
        Assert.True(await _store.Copies.TryReadAsync(epoch, [key], copy) && !copy[0].IsThere);
    }

    private UnitOfWork Work() => new(_store.Hash);

    private Task RunAsync(SharedStateStore store, string id) => Work().Login(id, Now).RunAsync(store);

    private async Task<uint> LoginsAsync(SharedStateStore store) => (await Work().Login("x", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins;

    private async Task<string?> AskAsync(string sql) => (await _postgres.ExecuteAsync(_database, sql))?.Trim();
}
