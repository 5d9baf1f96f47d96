using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>Somebody has machines in people's homes, has those homes blocked until the valve trips, and attacks while it holds.</summary>
public sealed class ValveAbuseTests
{
    private const int Homes = 25;
    private const string Fresh = "198.51.100.66";

    // Four people a home: too few to count as shared, enough to be hit by a block of it.
    private static readonly Town People = new(4 * Homes, person => HomeOf(person % Homes));
    private static readonly TimeSpan Provocation = TimeSpan.FromHours(80);
    private static readonly TimeSpan Attack = Provocation + TimeSpan.FromMinutes(20);

    [Fact]
    public async Task While_the_valve_holds_nothing_is_allowed_that_would_have_been_stopped_without_it()
    {
        await using var calm = await Settled();
        await using var provoked = await Provoked();
        var before = provoked.Assessments.Count;
        var attack = Spray(Fresh, Attack).Append(Town.Enter(7, Attack + TimeSpan.FromMinutes(2), Fresh)).ToArray();
        await calm.SubmitAsync(attack);
        await provoked.SubmitAsync(attack);

        var without = calm.Assessments[^attack.Length..];
        var with = provoked.Assessments[before..];
        Assert.Contains(with, assessment => assessment.Valve == SafetyValve.Name);
        Assert.Contains(without, assessment => assessment.Action == DecisionAction.Block);
        Assert.All(with.Zip(without), pair => Assert.True(
            pair.First.Action >= (pair.Second.Action < DecisionAction.Challenge ? pair.Second.Action : DecisionAction.Challenge),
            $"{pair.First.Action} where it would have been {pair.Second.Action}"));
    }

    [Fact]
    public async Task The_password_found_while_the_valve_holds_meets_a_challenge_and_says_who_held_it()
    {
        await using var judging = await Provoked();
        await judging.SubmitAsync(Spray(Fresh, Attack));
        await judging.SubmitAsync(Town.Enter(7, Attack + TimeSpan.FromMinutes(2), Fresh));
        var entered = judging.Assessments[^1];
        Assert.Equal((DecisionAction.Challenge, SafetyValve.Name), (entered.Action, entered.Valve));
        Assert.False(entered.Learned);
    }

    [Fact]
    public async Task Blocks_that_stand_when_the_valve_trips_go_on_blocking_the_attacker()
    {
        await using var judging = await Provoked();
        var standing = judging.Store.Blocks.All.Where(block => block.Scope == BlockScope.Ip).ToArray();
        Assert.True(standing.Length >= 3, $"{standing.Length} blocks");
        await judging.SubmitAsync(Spray(Fresh, Attack));
        foreach (var block in standing)
        {
            await judging.SubmitAsync(Town.Enter(60, Attack + TimeSpan.FromMinutes(3), block.Value));
            Assert.Equal(DecisionAction.Block, judging.Assessments[^1].Action);
        }

        Assert.All(standing, block => Assert.Contains(judging.Store.Blocks.All, other => other.Id == block.Id));
    }

    [Fact]
    public async Task People_whose_home_was_blocked_are_challenged_there_and_not_shut_out()
    {
        await using var judging = await Provoked();
        for (var person = 0; person < People.People; person++)
        {
            var login = await judging.EvaluateAsync(People.AtHome(person, Attack, EventKind.LoginAttempt));
            Assert.True(login.Action < DecisionAction.Block, $"{Town.NameOf(person)}: {login.Action}");
        }
    }

    [Fact]
    public async Task An_hour_later_the_valve_lets_blocks_through_again()
    {
        await using var judging = await Provoked();
        await judging.SubmitAsync(Spray(Fresh, Provocation + TimeSpan.FromHours(1.2)));
        Assert.Contains(judging.Store.Blocks.All, block => block.Value == Fresh && block.Enforced);
    }

    private static string HomeOf(int home) => $"203.0.113.{10 + home}";

    private static Login[] Spray(string from, TimeSpan after) =>
        [.. Enumerable.Range(0, 60).Select(i => Town.Guess(i, after + TimeSpan.FromSeconds(i), from))];

    private static async Task<Judging> Settled()
    {
        var judging = new Judging();
        for (var day = 0; day < 3; day++) await judging.SubmitAsync(People.Day(TimeSpan.FromDays(day)));
        return judging;
    }

    private static async Task<Judging> Provoked()
    {
        var judging = await Settled();
        for (var home = 0; home < 6; home++) await judging.SubmitAsync(Spray(HomeOf(home), Provocation + TimeSpan.FromMinutes(2 * home)));
        return judging;
    }
}
