using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Pipeline;

public sealed class JudgeLoopTests
{
    private const string AttackerAddress = "198.51.100.66";

    [Theory, InlineData(1), InlineData(7), InlineData(400)]
    public async Task Results_do_not_depend_on_the_size_of_batches(int size)
    {
        var events = Traffic().ToArray();
        await using var whole = new Judging();
        await whole.SubmitAsync(events);
        await using var parts = new Judging();
        foreach (var part in events.Chunk(size)) await parts.SubmitAsync(part);
        Assert.Equal(whole.Lines, parts.Lines);
        Assert.Contains(whole.Lines, line => line.Contains("\"block:1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_id_is_a_duplicate_within_a_batch_and_across_batches()
    {
        await using var judging = new Judging();
        var login = new Login("42", TimeSpan.Zero) { Id = "same" };
        var first = await judging.SubmitAsync(login, login);
        var second = await judging.SubmitAsync(login);
        Assert.Equal((1, 1), (first.Accepted, first.Duplicates));
        Assert.Equal((0, 1), (second.Accepted, second.Duplicates));
        Assert.Single(judging.Lines);
    }

    [Theory, InlineData(6.99, true), InlineData(7.01, false)]
    public async Task An_event_older_than_the_horizon_is_refused(double daysOld, bool accepted)
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(new Login("42", TimeSpan.Zero));
        var late = await judging.SubmitAsync(new Login("43", -TimeSpan.FromDays(daysOld)));
        Assert.Equal(accepted ? 1 : 0, late.Accepted);
        Assert.Equal(accepted ? 0 : 1, late.TooOld?.Count ?? 0);
    }

    [Fact]
    public async Task Sixty_guesses_at_sixty_names_block_the_address_and_nobody_else()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 60).Select(i => new Login($"n{i}", TimeSpan.FromSeconds(i), AttackerAddress, EventKind.LoginFailed))]);
        var block = Assert.Single(judging.Store.Blocks.All);
        Assert.Equal((BlockScope.Ip, AttackerAddress, true), (block.Scope, block.Value, block.Enforced));
        Assert.Equal(DecisionAction.Block, (await judging.EvaluateAsync(new Login("42", TimeSpan.FromMinutes(2), AttackerAddress, EventKind.LoginAttempt))).Action);
        Assert.Equal(DecisionAction.Allow, (await judging.EvaluateAsync(new Login("42", TimeSpan.FromMinutes(2), "203.0.113.7", EventKind.LoginAttempt))).Action);
    }

    [Theory, InlineData(AttackerAddress), InlineData("2001:db8:66::1")]
    public async Task The_second_block_of_an_address_lasts_longer(string address)
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Spray(TimeSpan.Zero, address)]);
        var first = Assert.Single(judging.Store.Blocks.All);
        await judging.SubmitAsync([.. Spray(TimeSpan.FromHours(6), address)]);
        var second = Assert.Single(judging.Store.Blocks.All, block => block.CreatedAt > first.CreatedAt);
        Assert.InRange((second.Until!.Value - second.CreatedAt) / (first.Until!.Value - first.CreatedAt), 1.5, 3);
    }

    [Fact]
    public async Task A_block_simulated_before_gives_way_to_one_that_is_meant_and_to_one_only()
    {
        await using var judging = new Judging();
        var simulated = new Block
        {
            Id = 1, Scope = BlockScope.Ip, Value = AttackerAddress, Reason = "x", Origin = BlockOrigin.Policy, Enforced = false,
            CreatedAt = EventTime.From(Judging.Noon), Until = EventTime.From(Judging.Noon.AddDays(1)),
        };
        judging.Store.Blocks.Put(simulated, BlockTable.KeyOf(IpAddress.Parse(AttackerAddress)));
        await judging.SubmitAsync([.. Spray(TimeSpan.Zero, AttackerAddress)]);
        Assert.Single(await judging.Store.ReadAuditAsync(0, 100, CancellationToken.None), record => record.Entry.What == "block_added");
    }

    [Fact]
    public async Task A_thousand_failures_from_elsewhere_do_not_lock_the_victim_out()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 12).Select(i => new Login("victim", TimeSpan.FromHours(i)))]);
        await judging.SubmitAsync([.. Enumerable.Range(0, 1000).Select(i => new Login("victim", TimeSpan.FromHours(12) + TimeSpan.FromSeconds(i), $"198.51.100.{1 + (i % 250)}", EventKind.LoginFailed) { DeviceId = "" })]);
        var victim = await judging.EvaluateAsync(new Login("victim", TimeSpan.FromHours(13), Kind: EventKind.LoginAttempt));
        Assert.True(victim.Action < DecisionAction.Challenge, $"{victim.Action} at {victim.Score}");
    }

    [Fact]
    public async Task An_observer_that_fails_has_no_say_in_what_is_stored_and_the_others_are_told()
    {
        await using var judging = new Judging(first: new Throwing());
        Assert.Equal(1, (await judging.SubmitAsync(new Login("42", TimeSpan.Zero))).Accepted);
        Assert.Single(judging.Lines);
        Assert.IsType<InvalidOperationException>(judging.ObserverFailure);
    }

    [Fact]
    public async Task Asking_leaves_no_trace_and_asking_again_answers_the_same()
    {
        await using var judging = new Judging();
        var question = new Login("42", TimeSpan.Zero, AttackerAddress, EventKind.LoginFailed) { Id = "question" };
        var first = await judging.EvaluateAsync(question);
        for (var i = 0; i < 50; i++) await judging.EvaluateAsync(question);
        var last = await judging.EvaluateAsync(question);
        Assert.Equal(first.Score, last.Score);
        Assert.Equal(1, (await judging.SubmitAsync(question)).Accepted);
    }

    [Fact]
    public async Task A_probe_is_judged_and_forgotten()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 60).Select(i => new Login($"n{i}", TimeSpan.FromSeconds(i), AttackerAddress, EventKind.LoginFailed) { Probe = true })]);
        Assert.Equal(60, judging.Lines.Count);
        Assert.Empty(judging.Store.Blocks.All);
        Assert.Null(await judging.Store.FindEventAsync("default", "e0", CancellationToken.None));
    }

    [Fact]
    public async Task A_challenged_login_teaches_nothing_unless_it_carried_a_second_factor()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 12).Select(i => new Login("42", TimeSpan.FromHours(i)))]);
        var stranger = new Login("42", TimeSpan.FromHours(20), AttackerAddress) { Country = "BR", Asn = 64999, DeviceId = "other" };
        await judging.SubmitAsync(stranger);
        Assert.Equal((DecisionAction.Challenge, false), (judging.Assessments[^1].Action, judging.Assessments[^1].Learned));
        await judging.SubmitAsync(stranger with { After = TimeSpan.FromHours(21), Mfa = ["totp"] });
        Assert.True(judging.Assessments[^1].Learned);
    }

    [Fact]
    public async Task An_own_account_does_not_wash_an_address_clean()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 8).Select(i => new Login($"n{i}", TimeSpan.FromSeconds(i), AttackerAddress, EventKind.LoginFailed))]);
        await judging.SubmitAsync([.. Enumerable.Range(0, 100).Select(i => new Login("own", TimeSpan.FromSeconds(10 + i), AttackerAddress) { Mfa = ["totp"] })]);
        var view = new StateView();
        var slot = view.Reputation.Add(StateKeys.Address(IpAddress.Parse(AttackerAddress)));
        await judging.Store.LoadAsync(view, CancellationToken.None);
        var row = view.Reputation.Row(slot);
        Assert.True(row.Successes.Value <= 1.01f, $"{row.Successes.Value} successes");
        Assert.Equal(-5, row.Shown(row.Failures.AsOf));
    }

    [Fact]
    public async Task Random_names_fill_nothing_but_the_sketch()
    {
        await using var judging = new Judging();
        for (var round = 0; round < 20; round++)
            await judging.SubmitAsync([.. Enumerable.Range(0, 1000).Select(i => new Login($"~{round}-{i}", TimeSpan.FromSeconds((round * 1000) + i), AttackerAddress, EventKind.LoginFailed) { UnknownName = true })]);
        var statistics = await judging.Store.StatisticsAsync(CancellationToken.None);
        Assert.Equal(0, statistics.Subjects);
        Assert.True(statistics.Addresses <= 4, $"{statistics.Addresses} rows of reputation");
    }

    [Fact]
    public async Task Private_addresses_are_never_blocked_or_held_against_anybody()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 200).Select(i => new Login($"n{i}", TimeSpan.FromSeconds(i), "10.0.0.7", EventKind.LoginFailed))]);
        Assert.Empty(judging.Store.Blocks.All);
        Assert.All(judging.Assessments, assessment => Assert.True(assessment.Degraded.HasFlag(DegradedFacts.Address)));
    }

    private static IEnumerable<Login> Spray(TimeSpan after, string address) =>
        Enumerable.Range(0, 60).Select(i => new Login($"n{i}", after + TimeSpan.FromSeconds(i), address, EventKind.LoginFailed));

    [Fact]
    public async Task Observers_are_told_the_trace_of_a_submission_and_how_long_each_stage_took()
    {
        var clerk = new Clerk();
        await using var judging = new Judging(first: clerk);
        await judging.SubmitAsync(new Login("1", TimeSpan.Zero));
        using var span = new Activity("a caller's").SetIdFormat(ActivityIdFormat.W3C).Start();
        await judging.SubmitAsync(new Login("2", TimeSpan.Zero));
        await judging.FinishAsync();

        Assert.Equal([[], [span.Context]], clerk.Timings.Select(timing => timing.Traces));
        Assert.All(clerk.Timings, timing => Assert.All(new[] { timing.Enrich, timing.Load, timing.Judge, timing.Commit }, took => Assert.InRange(took, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1))));
    }

    private static IEnumerable<Login> Traffic()
    {
        for (var i = 0; i < 400; i++)
        {
            var after = TimeSpan.FromMinutes(i);
            yield return (i % 5) switch
            {
                0 => new Login($"n{i}", after, AttackerAddress, EventKind.LoginFailed),
                1 => new Login("42", after, $"203.0.113.{i % 9}") { Country = i % 50 == 1 ? "JP" : "DE", DeviceId = i % 20 == 1 ? "phone" : "laptop" },
                2 => new Login($"user{i % 7}", after),
                3 => new Login("42", after, "2001:db8::1", EventKind.LoginFailed),
                _ => new Login($"~{i}", after, $"192.0.2.{i % 3}", EventKind.LoginFailed) { UnknownName = true },
            };
        }
    }

    /// <summary>Keeps what it was told of each batch.</summary>
    private sealed class Clerk : IPipelineObserver
    {
        public List<BatchTiming> Timings { get; } = [];

        public void Committed(Effects effects, in BatchTiming timing) => Timings.Add(timing);
    }

    private sealed class Throwing : IPipelineObserver
    {
        public void Committed(Effects effects, in BatchTiming timing) => throw new InvalidOperationException("The output is full.");
    }
}
