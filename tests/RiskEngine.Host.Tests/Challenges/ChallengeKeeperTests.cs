using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>What somebody who waits for an answer waits for, by a clock at which nothing happens later and a store that does as it is told.</summary>
public sealed class ChallengeKeeperTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);
    private SlowChallenges _challenges = null!;
    private EngineTelemetry _telemetry = null!;
    private ChallengeKeeper _keeper = null!;
    private int _causes;

    private ChallengeLedger Ledger => _telemetry.ChallengeLedger;

    public Task InitializeAsync()
    {
        _challenges = new SlowChallenges(_store.Challenges);
        _telemetry = new EngineTelemetry(new TelemetrySettings(), _store.Hash, NullLoggerFactory.Instance, _clock);
        _keeper = new ChallengeKeeper(Ledger, _challenges, _telemetry.ChallengeOutcomes, _clock, NullLogger.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _keeper.Dispose();
        _telemetry.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_asks_waits_for_a_store_that_is_slow_and_no_longer_than_patience()
    {
        var disk = new TaskCompletionSource();
        _challenges.Before = disk.Task;
        Assert.True(Ask(1));
        var answer = _keeper.StoreAskedAsync();
        await _challenges.Held;
        _clock.Advance(ChallengeKeeper.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await answer;
        AssertCounted(slow: 1, failed: 0);
        Assert.Equal(0, await StoredAsync());

        disk.SetResult();
        await _keeper.FlushAsync(CancellationToken.None);
        Assert.Equal(1, await StoredAsync());
    }

    [Fact]
    public async Task A_store_that_refuses_is_counted_and_what_it_refused_is_stored_later()
    {
        _challenges.Refuses = true;
        Ask(1);
        await _keeper.StoreAskedAsync();
        AssertCounted(slow: 0, failed: 1);

        _challenges.Refuses = false;
        Assert.True(Ask(2));
        await _keeper.StoreAskedAsync();
        Assert.Equal(2, await StoredAsync());
        Assert.Empty(Ledger.Unstored());
    }

    [Fact]
    public async Task However_many_wait_one_transaction_is_under_way_and_one_waits_its_turn()
    {
        var disk = new TaskCompletionSource();
        _challenges.Before = disk.Task;
        Ask(1);
        var first = _keeper.StoreAskedAsync();
        await _challenges.Held;
        var others = Enumerable.Range(2, 1000).Select(i =>
        {
            Ask(i);
            return _keeper.FlushAsync(CancellationToken.None);
        }).ToList();
        disk.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(2, _challenges.Saves);
        Assert.Equal(1001, await StoredAsync());
        AssertCounted(slow: 0, failed: 0);
    }

    [Fact]
    public async Task What_is_asked_again_unchanged_is_written_once_and_waits_only_while_it_is_not_stored()
    {
        Assert.True(Ask(1));
        Assert.True(Ask(1));
        await _keeper.StoreAskedAsync();
        Assert.False(Ask(1));
        Assert.Equal(1, _challenges.Saves);
    }

    [Fact]
    public async Task What_changes_while_it_is_written_is_written_again()
    {
        var disk = new TaskCompletionSource();
        _challenges.Before = disk.Task;
        Ask(1);
        var first = _keeper.StoreAskedAsync();
        await _challenges.Held;
        Assert.True(Ask(1, request: 77));
        var second = _keeper.StoreAskedAsync();
        disk.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(77, (int)Assert.Single(await _store.Challenges.ReadOpenAsync(CancellationToken.None)).Request);
        Assert.Empty(Ledger.Unstored());
    }

    [Fact]
    public async Task An_erased_person_is_not_stored_with_what_waited()
    {
        Ask(1);
        Ledger.Forget([1]);
        await _keeper.StoreAskedAsync();
        Assert.Equal(1, await StoredAsync());
        Assert.Null(Assert.Single(await _store.Challenges.ReadOpenAsync(CancellationToken.None)).Subject);
    }

    /// <summary>As a proxy does for a person at an address, each time because of something else.</summary>
    private bool Ask(int person, int request = 0) => Ledger.Asked(
        new ChallengeKeys((UInt128)request, ((UInt128)person, 0)), (UInt128)person, (UInt128)(++_causes), new EventTime(_clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private async Task<int> StoredAsync() => (await _store.Challenges.ReadOpenAsync(CancellationToken.None)).Count;

    private void AssertCounted(int slow, int failed)
    {
        var metrics = _telemetry.Scrape(openMetrics: false);
        Assert.Contains($"riskengine_challenges_answered_unstored_total{{reason=\"slow\"}} {slow}\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"riskengine_challenges_answered_unstored_total{{reason=\"failed\"}} {failed}\n", metrics, StringComparison.Ordinal);
    }
}
