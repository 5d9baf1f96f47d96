using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>Somebody wants a person shut out, and fails in their name wherever he can.</summary>
public sealed class LockOutTests
{
    private static readonly Town Home = new(3, _ => "203.0.113.7");
    private static readonly TimeSpan Attack = TimeSpan.FromDays(12);

    [Theory]
    [InlineData("everywhere")]
    [InlineData("the neighbourhood")]
    [InlineData("the victim's own address")]
    [InlineData("the second factor")]
    [InlineData("the neighbourhood and the own address")]
    public async Task The_victim_at_the_usual_place_with_the_usual_device_is_never_blocked(string from)
    {
        await using var judging = await Settled();
        foreach (var part in Failures(from, 3000).Chunk(300))
        {
            await judging.SubmitAsync(part);
            var attempt = await judging.EvaluateAsync(Home.AtHome(0, part[^1].After + TimeSpan.FromSeconds(1), EventKind.LoginAttempt));
            Assert.True(attempt.Action < DecisionAction.Block, $"{attempt.Action} at {attempt.Score} by {attempt.Rule}");
            var familyMember = await judging.EvaluateAsync(Home.AtHome(1, part[^1].After + TimeSpan.FromSeconds(1), EventKind.LoginAttempt));
            Assert.True(familyMember.Action < DecisionAction.Block, $"{familyMember.Action} at {familyMember.Score}");
        }

        Assert.DoesNotContain(judging.Store.Blocks.All, block => block.Scope is BlockScope.Subject or BlockScope.Session);
    }

    [Fact]
    public async Task Failures_from_everywhere_do_not_even_cost_the_victim_a_challenge_at_home()
    {
        await using var judging = await Settled();
        await judging.SubmitAsync([.. Failures("everywhere", 3000)]);
        await judging.SubmitAsync(Home.AtHome(0, Attack + TimeSpan.FromHours(10)));
        Assert.True(judging.Assessments[^1].Action < DecisionAction.Challenge, $"{judging.Assessments[^1].Action} at {judging.Assessments[^1].Score}");
    }

    [Fact]
    public async Task A_victim_on_the_road_with_the_own_laptop_is_challenged_at_most()
    {
        await using var judging = await Settled();
        await judging.SubmitAsync([.. Failures("everywhere", 3000)]);
        var hotel = Home.AtHome(0, Attack + TimeSpan.FromHours(10), EventKind.LoginAttempt) with { Address = "192.0.2.44", Asn = 64777, Country = "PT" };
        var attempt = await judging.EvaluateAsync(hotel);
        Assert.True(attempt.Action < DecisionAction.Block, $"{attempt.Action} at {attempt.Score}");
    }

    [Fact]
    public async Task Without_device_ids_the_same_browser_at_home_is_not_blocked_either()
    {
        await using var judging = new Judging();
        for (var day = 0; day < 12; day++) await judging.SubmitAsync(Home.AtHome(0, TimeSpan.FromDays(day)) with { DeviceId = "" });
        await judging.SubmitAsync([.. Failures("the neighbourhood and the own address", 3000)]);
        var attempt = await judging.EvaluateAsync(Home.AtHome(0, Attack + TimeSpan.FromHours(10), EventKind.LoginAttempt) with { DeviceId = "" });
        Assert.True(attempt.Action < DecisionAction.Block, $"{attempt.Action} at {attempt.Score}");
    }

    private static IEnumerable<Login> Failures(string from, int count) => Enumerable.Range(0, count).Select(i =>
    {
        var guess = Town.Guess(0, Attack + TimeSpan.FromSeconds(10 * i), Address(from, i));
        return from == "the second factor" ? guess with { Kind = EventKind.MfaFailed } : guess;
    });

    private static string Address(string from, int i) => from switch
    {
        "the neighbourhood" => $"203.0.113.{8 + (i % 240)}",
        "the victim's own address" => "203.0.113.7",
        "the neighbourhood and the own address" => $"203.0.113.{7 + (i % 4)}",
        _ => $"11.{i % 90}.{i % 200}.{1 + (i % 250)}",
    };

    private static async Task<Judging> Settled()
    {
        var judging = new Judging();
        for (var day = 0; day < 12; day++) await judging.SubmitAsync(Home.Day(TimeSpan.FromDays(day)));
        return judging;
    }
}
