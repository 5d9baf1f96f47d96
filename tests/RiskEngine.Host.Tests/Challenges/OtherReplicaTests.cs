using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>What one replica makes of what others tell of challenges, each word of which comes several times and late.</summary>
public sealed class OtherReplicaTests : IAsyncLifetime
{
    private static readonly EventTime Start = new(1_790_000_000_000);

    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);
    private EngineTelemetry _telemetry = null!;

    private ChallengeLedger Ledger => _telemetry.ChallengeLedger;

    public Task InitializeAsync()
    {
        _telemetry = new EngineTelemetry(new TelemetrySettings(), _store.Hash, NullLoggerFactory.Instance, new ManualTimeProvider(DateTimeOffset.UtcNow));
        Ledger.Share(static () => true, static _ => { });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _telemetry.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public void An_older_pass_that_comes_once_more_takes_nothing_from_a_newer_one()
    {
        Passed(person: 1, minute: 1);
        Assert.True(Ask(person: 1, minute: 5));
        Passed(person: 1, minute: 6);
        Passed(person: 1, minute: 1);
        Assert.True(Ask(person: 1, minute: 10));
    }

    [Fact]
    public void A_note_that_comes_all_day_displaces_nobody_who_passed()
    {
        Assert.True(Ask(person: 1, minute: 0));
        Passed(person: 1, minute: 1);
        for (var again = 0; again < 100_000; again++) Passed(person: 2, minute: 1);
        Assert.True(Ask(person: 1, minute: 10));
    }

    [Fact]
    public async Task A_challenge_of_a_replica_that_is_behind_is_not_given_up_before_its_time()
    {
        await HearAsync(minute: 60);
        Ledger.Take([new Challenge { Id = 1, IssuedAt = Start, Origin = ChallengeOrigin.Seen, Subject = 1, Pair = (1, 0) }]);
        Assert.Empty(await HearAsync(minute: 61));
        Assert.Equal(ChallengeOutcome.Abandoned, Assert.Single(await HearAsync(minute: 90)).Outcome);
    }

    [Fact]
    public void A_challenge_that_is_over_before_its_time_is_waited_for_no_longer()
    {
        var open = new OpenChallenges();
        for (var i = 1; i <= 1000; i++)
        {
            var challenge = new Challenge { Id = i, IssuedAt = Start, Origin = ChallengeOrigin.Asked };
            open.Add(challenge, Start + ChallengeLedger.Patience);
            open.Remove(challenge);
        }

        Assert.Equal((0, 0), (open.Count, open.Awaited));
    }

    /// <summary>An event of that time is judged here.</summary>
    /// <returns>What it changed.</returns>
    private async Task<IReadOnlyList<Challenge>> HearAsync(int minute)
    {
        var work = await new UnitOfWork(_store.Hash).Login($"at {minute}", Start + TimeSpan.FromMinutes(minute), kind: EventKind.Logout).LoadAsync(_store);
        Ledger.Committing(work.Judge().Effects);
        return work.Effects.Challenges;
    }

    private void Passed(int person, int minute) => Ledger.Take(new ChallengeNote(ChallengeNoteKind.Passed, (UInt128)person, Start + TimeSpan.FromMinutes(minute)));

    /// <summary>As a proxy does, for a person at an address and each time for the same cause.</summary>
    /// <returns>Whether that is a challenge, and not what the person was asked for already.</returns>
    private bool Ask(int person, int minute) => Ledger.Asked(new ChallengeKeys(0, ((UInt128)person, 0)), (UInt128)person, (UInt128)person, Start + TimeSpan.FromMinutes(minute));
}
