using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What a release makes the judge forget, seen in the rows and in how the next login is judged.</summary>
public sealed class ForgettingTests
{
    private const string Attacked = "198.51.100.66", Neighbour = "198.51.100.70";

    [Fact]
    public async Task After_a_release_a_stranger_at_the_address_is_not_blocked_for_the_guesses_before()
    {
        await using var judging = await SprayedAsync();
        Assert.Equal(DecisionAction.Block, (await judging.EvaluateAsync(Stranger())).Action);
        await ReleaseAsync(judging, BlockScope.Ip);
        Assert.True((await judging.EvaluateAsync(Stranger())).Action < DecisionAction.Block);
        Assert.Equal(0, (await RowAsync(judging, StateKeys.Address(IpAddress.Parse(Attacked)))).Failures.Value);
    }

    [Fact]
    public async Task Whoever_goes_on_guessing_is_blocked_again_once_there_is_as_much_against_him()
    {
        await using var judging = await SprayedAsync();
        await ReleaseAsync(judging, BlockScope.Ip);
        var before = judging.Store.Blocks.All.Count(block => block.Value == Attacked);
        await judging.SubmitAsync(Guess(0, "m"), Guess(1, "m"), Guess(2, "m"));
        Assert.Equal(before, judging.Store.Blocks.All.Count(block => block.Value == Attacked));
        Assert.True(judging.Assessments[^1].Action < DecisionAction.Block);
        await judging.SubmitAsync([.. Enumerable.Range(3, 60).Select(i => Guess(i, "m"))]);
        Assert.Equal(DecisionAction.Block, judging.Assessments[^1].Action);
    }

    [Fact]
    public async Task Guesses_of_a_neighbour_stay_with_the_network_and_those_of_the_address_go()
    {
        await using var judging = await SprayedAsync();
        await judging.SubmitAsync(Guess(0, "k", Neighbour), Guess(1, "k", Neighbour));
        await ReleaseAsync(judging, BlockScope.Ip);
        Assert.Equal(2, (await RowAsync(judging, StateKeys.Address(IpAddress.Parse(Neighbour)))).Failures.Value);
        Assert.Equal(2, (await RowAsync(judging, StateKeys.Network(IpAddress.Parse(Attacked)))).Failures.Value, 0.05);
        Assert.Equal(2, (await RowAsync(judging, StateKeys.Asn(64510))).Failures.Value, 0.05);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Of_one_who_was_guessed_at_there_the_guesses_from_there_go_and_those_from_elsewhere_stay(bool isKnown)
    {
        await using var judging = isKnown ? await Judging.EstablishedAsync() : new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 8).Select(_ => Foreign("42", Attacked)), .. Enumerable.Range(0, 3).Select(_ => Foreign("42", Neighbour))]);
        await ReleaseAsync(judging, BlockScope.Ip, "42");
        var view = await LoadAsync(judging, Foreign("42", Attacked));
        var (pair, subject) = isKnown
            ? (view.Pairs.Row(view[0].Pair).Failures.Value, view.Profiles.Profile(view[0].Subject).Header.Failures.Value)
            : (view.Names.Row(view[0].PairCell1).Failures.Value, view.Names.Row(view[0].SubjectCell1).Failures.Value);
        Assert.Equal((0, 3), (pair, Math.Round(subject, 1)));
    }

    [Fact]
    public async Task A_release_of_one_person_there_takes_only_his_failures_out_of_the_address()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync([.. Enumerable.Range(0, 8).Select(_ => Foreign("42", Attacked)), Guess(0, "n"), Guess(1, "n")]);
        await ReleaseAsync(judging, BlockScope.Pair, "42");
        Assert.Equal(2, (await RowAsync(judging, StateKeys.Address(IpAddress.Parse(Attacked)))).Failures.Value, 0.05);
        var view = await LoadAsync(judging, Foreign("42", Attacked));
        Assert.Equal(0, view.Pairs.Row(view[0].Pair).Failures.Value);
    }

    [Fact]
    public async Task Successes_and_who_signs_in_there_stay_and_twice_is_once()
    {
        await using var judging = await Judging.EstablishedAsync();
        var home = StateKeys.Address(IpAddress.Parse("203.0.113.7"));
        var before = await RowAsync(judging, home);
        await judging.SubmitAsync(new Login("44", TimeSpan.Zero, Kind: EventKind.LoginFailed), new Login("45", TimeSpan.Zero, Kind: EventKind.LoginFailed));
        for (var times = 0; times < 2; times++)
        {
            await ReleaseAsync(judging, BlockScope.Ip, address: "203.0.113.7");
            var after = await RowAsync(judging, home);
            Assert.Equal((before.Successes.Value, before.Logins.Value, before.Subjects), (after.Successes.Value, after.Logins.Value, after.Subjects));
            Assert.Equal((0f, 0f), (after.Failures.Value, after.FailedNames.Count(EventTime.From(Judging.Noon).UnixSeconds, ReputationRow.FailedNamesEpoch)));
        }
    }

    [Fact]
    public async Task A_release_is_no_event()
    {
        await using var judging = await SprayedAsync();
        var before = await judging.Store.StatisticsAsync(CancellationToken.None);
        await ReleaseAsync(judging, BlockScope.Ip);
        Assert.Equal(before.Events, (await judging.Store.StatisticsAsync(CancellationToken.None)).Events);
        Assert.Equal(EventOutcome.Corrected, judging.Assessments[^1].Outcome);
    }

    private static async Task<Judging> SprayedAsync()
    {
        var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 60).Select(i => Guess(i, "n"))]);
        foreach (var block in judging.Store.Blocks.All.ToList()) await judging.Store.RemoveBlockAsync(block.Id, new AuditEntry(0, default, "test", "block.remove", "", ""), CancellationToken.None);
        return judging;
    }

    private static Login Stranger() => Foreign("77", Attacked) with { Kind = EventKind.LoginAttempt };

    private static Login Guess(int number, string prefix, string address = Attacked) => Foreign($"{prefix}{number}", address);

    private static Login Foreign(string subject, string address) => new(subject, TimeSpan.Zero, address, EventKind.LoginFailed) { Country = "PT", Asn = 64510, DeviceId = "", UserAgent = Login.OtherUserAgent };

    private static Task ReleaseAsync(Judging judging, BlockScope scope, string subject = "", string address = Attacked)
    {
        var batch = judging.Batch(Foreign(subject, address));
        batch[0].Released = scope;
        return judging.SubmitAsync(batch);
    }

    private static async Task<ReputationRow> RowAsync(Judging judging, UInt128 key)
    {
        var view = new StateView();
        var slot = view.Reputation.Add(key);
        await judging.Store.LoadAsync(view, CancellationToken.None);
        return view.Reputation.Row(slot);
    }

    private static async Task<StateView> LoadAsync(Judging judging, Login login)
    {
        var view = new StateView();
        view.Prepare(judging.Batch(login), new Core.Facts.AddressFacts[1], new Core.Facts.DeviceFacts[1], new ulong[1], judging.Store.Hash);
        await judging.Store.LoadAsync(view, CancellationToken.None);
        return view;
    }
}
