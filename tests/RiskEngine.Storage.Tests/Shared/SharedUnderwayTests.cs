using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>A replica judges the next unit of work while the last one is on its way to PostgreSQL: by what that one changed, and for nothing where it fails.</summary>
/// <remarks>PostgreSQL is held up by a transaction of another connection that has the lock of the head.</remarks>
public sealed class SharedUnderwayTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private SharedStoreSettings _settings = null!;
    private SharedStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _settings = await SharedStores.SettingsAsync() with { MayLead = false };
        _store = await SharedStores.AtAsync(_settings, _time);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task The_next_unit_is_judged_by_what_the_one_before_changes_and_tells_its_events_as_repeats()
    {
        await RunAsync("a");
        await using var held = await HoldAsync();
        var first = CommitAsync(await JudgeAsync("b"));
        var next = (await Work().Login("b", Now).Login("c", Now).LoadAsync(_store)).Judge();
        Assert.Equal(2u, next.View.Profiles.Profile(0).Header.Logins - 1);
        Assert.Equal([EventOutcome.Duplicate, EventOutcome.Accepted], Enumerable.Range(0, 2).Select(i => next.Effects[i].Outcome));
        var second = CommitAsync(next);
        Assert.False(first.IsCompleted || second.IsCompleted);

        await held.DisposeAsync();
        await first;
        await second;
        Assert.Equal(0, _store.Meter.Conflicts);
        Assert.Equal(3u, await LoginsAsync());
        await using var other = await SharedStores.AtAsync(_settings with { Redis = new RedisSettings() }, _time);
        Assert.Equal(3u, (await Work().Login("x", Now).LoadAsync(other)).View.Profiles.Profile(0).Header.Logins);
    }

    [Fact]
    public async Task What_was_judged_by_a_unit_that_failed_fails_with_it_and_leaves_nothing()
    {
        await RunAsync("a");
        await using var other = await SharedStores.AtAsync(_settings, _time);
        var late = await JudgeAsync("b");
        await Work().Login("elsewhere", Now).RunAsync(other);
        await using var held = await HoldAsync();
        // Loaded before the other replica changed the same subject, so it will be a conflict.
        var first = CommitAsync(late);
        var second = CommitAsync(await JudgeAsync("c"));
        await held.DisposeAsync();
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(() => first)).IsConflict);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(() => second)).IsConflict);
        Assert.Equal(2u, await LoginsAsync());
        await RunAsync("b");
        await RunAsync("c");
        Assert.Equal(4u, await LoginsAsync());
    }

    [Fact]
    public async Task A_unit_whose_shared_rows_another_replica_changed_is_merged_and_so_is_the_one_behind_it()
    {
        await using var other = await SharedStores.AtAsync(_settings, _time);
        await RunAsync("a");
        var late = (await Work().Login("b", Now, "1").LoadAsync(_store)).Judge();
        await Work().Login("elsewhere", Now, "2").RunAsync(other);
        await using var held = await HoldAsync();
        var first = CommitAsync(late);
        var second = CommitAsync((await Work().Login("c", Now, "3").LoadAsync(_store)).Judge());
        await held.DisposeAsync();
        await first;
        await second;
        Assert.Equal(0, _store.Meter.Conflicts);
        // All four came from one address.
        var seen = (await Work().Login("x", Now).LoadAsync(_store)).View;
        Assert.Equal(4f, Enumerable.Range(0, seen.Reputation.Count).Max(slot => seen.Reputation.Row(slot).Failures.At(Now.UnixSeconds, Core.Models.ReputationRow.HalfLife)), 0.01f);
    }

    [Fact]
    public async Task A_question_sees_what_is_on_its_way()
    {
        await using var held = await HoldAsync();
        var first = CommitAsync(await JudgeAsync("a"));
        var question = Work().Login("x", Now);
        question.View.IsQuestion = true;
        await question.LoadAsync(_store);
        Assert.Equal(1u, question.View.Profiles.Profile(0).Header.Logins);
        await held.DisposeAsync();
        await first;
    }

    private UnitOfWork Work() => new(_store.Hash);

    private async Task<UnitOfWork> JudgeAsync(string id) => (await Work().Login(id, Now).LoadAsync(_store)).Judge();

    private Task CommitAsync(UnitOfWork unit) => _store.CommitAsync(unit.Effects, CancellationToken.None).AsTask();

    private Task RunAsync(string id) => Work().Login(id, Now).RunAsync(_store);

    private async Task<uint> LoginsAsync() => (await Work().Login("x", Now).LoadAsync(_store)).View.Profiles.Profile(0).Header.Logins;

    private async Task<Held> HoldAsync()
    {
        var connection = new Npgsql.NpgsqlConnection(_settings.ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT number FROM head FOR UPDATE", connection, transaction);
        await command.ExecuteScalarAsync();
        return new Held(connection);
    }

    private sealed class Held(Npgsql.NpgsqlConnection connection) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
