using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>An attacker logs in to accounts of his own between his guesses, so that his address looks like one that people use.</summary>
public sealed class WashingTests
{
    private const string Address = "198.51.100.66";
    private const int Guesses = 40;

    // Others, so that the attacker's is not the only address of the fleet, which would make it look like a proxy.
    private static readonly Town Others = new(50, person => $"203.0.113.{person + 1}");

    [Theory, InlineData(1, 0), InlineData(1, 5), InlineData(6, 3)]
    public async Task Own_successes_between_the_guesses_make_no_guess_pass_that_would_be_stopped(int accounts, int daysBefore)
    {
        var plain = await Actions(accounts: 0, daysBefore: 0);
        var washed = await Actions(accounts, daysBefore);
        var passes = plain.FindIndex(action => action >= DecisionAction.Challenge);
        Assert.InRange(passes, 0, Guesses / 2);
        // Each account of his own counts as somebody who uses the address: a quarter of a name is all it buys.
        Assert.All(washed.Skip(passes + 1 + ((accounts + 3) / 4)), action => Assert.True(action >= DecisionAction.Challenge, $"{action}"));
    }

    [Fact]
    public async Task A_hundred_own_successes_in_a_day_count_as_one()
    {
        await using var once = new Judging();
        await once.SubmitAsync(Own(0, TimeSpan.Zero));
        await once.SubmitAsync([.. Guess()]);
        await using var often = new Judging();
        await often.SubmitAsync([.. Enumerable.Range(0, 100).Select(i => Own(0, TimeSpan.FromSeconds(i - 100)))]);
        await often.SubmitAsync([.. Guess()]);
        Assert.Equal(once.Assessments[1..].Select(assessment => assessment.Action), often.Assessments[100..].Select(assessment => assessment.Action));
    }

    [Fact]
    public async Task The_hit_of_a_washed_spray_is_stopped()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Past());
        foreach (var guess in Guess()) await judging.SubmitAsync(guess, Own(0, guess.After + TimeSpan.FromSeconds(1)), Own(1, guess.After + TimeSpan.FromSeconds(2)));
        await judging.SubmitAsync(Town.Enter(45, TimeSpan.FromHours(1), Address));
        Assert.True(judging.Assessments[^1].Action >= DecisionAction.Challenge, $"{judging.Assessments[^1].Action}");
    }

    private static async Task<List<DecisionAction>> Actions(int accounts, int daysBefore)
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Past());
        for (var day = daysBefore; day > 0; day--)
        {
            for (var account = 0; account < accounts; account++) await judging.SubmitAsync(Own(account, -TimeSpan.FromDays(day)));
        }

        var actions = new List<DecisionAction>();
        foreach (var guess in Guess())
        {
            for (var account = 0; account < accounts; account++) await judging.SubmitAsync(Own(account, guess.After - TimeSpan.FromSeconds(account + 1)));
            await judging.SubmitAsync(guess);
            actions.Add(judging.Assessments[^1].Action);
        }

        return actions;
    }

    private static Login[] Past() => [.. Enumerable.Range(-6, 6).SelectMany(day => Others.Day(TimeSpan.FromDays(day)))];

    private static IEnumerable<Login> Guess() => Enumerable.Range(0, Guesses).Select(i => Town.Guess(1000 + i, TimeSpan.FromMinutes(1 + i), Address));

    private static Login Own(int account, TimeSpan after) =>
        new($"own-{account}", after, Address) { Asn = Town.AttackerAsn, Country = "NL", DeviceId = $"own-device-{account}", Mfa = ["totp"] };
}
