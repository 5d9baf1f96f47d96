using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>An attacker teaches the models what he is going to do, so that it looks usual when he does it. Each test says how far he gets.</summary>
public sealed class PoisoningTests
{
    private const string Lair = "198.51.100.66";
    private const int Victim = 7;

    private static readonly Town People = new(200, person => $"203.0.{person / 200}.{(person % 200) + 1}");

    [Fact]
    public async Task A_thousand_logins_to_an_own_account_in_a_day_make_its_network_no_more_usual_than_one()
    {
        var once = await AfterAsync(judging => judging.SubmitAsync(Own(0, TimeSpan.Zero)), Intrusion());
        var often = await AfterAsync(judging => judging.SubmitAsync([.. Enumerable.Range(0, 1000).Select(i => Own(0, TimeSpan.FromSeconds(i)))]), Intrusion());
        Assert.InRange(often.LogOdds, once.LogOdds - 0.05, once.LogOdds + 0.05);
    }

    [Fact]
    public async Task A_month_of_three_own_accounts_does_not_bring_an_intrusion_below_a_challenge()
    {
        var calm = await AfterAsync(_ => Task.CompletedTask, Intrusion());
        var flooded = await AfterAsync(judging => judging.SubmitAsync([.. Enumerable.Range(-30, 30).SelectMany(day => Enumerable.Range(0, 3).Select(own => Own(own, TimeSpan.FromDays(day) + TimeSpan.FromMinutes(own))))]), Intrusion());
        Assert.True(flooded.Action >= DecisionAction.Challenge, $"{calm.LogOdds} {flooded.LogOdds}");
        Assert.InRange(flooded.LogOdds, calm.LogOdds - 1.5, calm.LogOdds + 0.1);
    }

    [Fact]
    public async Task A_takeover_that_succeeded_helps_the_next_one_of_another_account_by_little()
    {
        var first = await AfterAsync(_ => Task.CompletedTask, Intrusion());
        var next = await AfterAsync(judging => judging.SubmitAsync(Intrusion(Victim + 1) with { Mfa = ["totp"] }), Intrusion());
        Assert.Equal(DecisionAction.Challenge, next.Action);
        Assert.InRange(next.LogOdds, first.LogOdds - 1, first.LogOdds + 0.1);
    }

    [Fact]
    public async Task A_takeover_that_was_challenged_and_not_passed_teaches_nothing_at_all()
    {
        var first = await AfterAsync(_ => Task.CompletedTask, Intrusion());
        var next = await AfterAsync(judging => judging.SubmitAsync(Intrusion() with { After = TimeSpan.FromMinutes(-1) }), Intrusion());
        Assert.InRange(next.LogOdds, first.LogOdds - 1e-3, first.LogOdds + 0.5);
    }

    [Fact]
    public async Task After_a_takeover_that_succeeded_the_owner_is_nearer_than_the_thief()
    {
        Task TakeOver(Judging judging) => judging.SubmitAsync(Intrusion() with { After = TimeSpan.FromHours(-2), Mfa = ["totp"] });
        var thief = await AfterAsync(TakeOver, Intrusion());
        var owner = await AfterAsync(TakeOver, People.AtHome(Victim, TimeSpan.FromHours(1)));
        Assert.True(owner.LogOdds < thief.LogOdds - 1, $"{owner.LogOdds} {thief.LogOdds}");
        Assert.True(owner.Action < DecisionAction.Challenge);
    }

    [Fact]
    public async Task A_thousand_failures_on_an_account_make_nothing_of_the_guesser_familiar()
    {
        var calm = await AfterAsync(_ => Task.CompletedTask, Intrusion());
        var flooded = await AfterAsync(judging => judging.SubmitAsync([.. Enumerable.Range(0, 1000).Select(i => Town.Guess(Victim, TimeSpan.FromSeconds(i - 1200), Lair))]), Intrusion());
        Assert.True(flooded.LogOdds >= calm.LogOdds, $"{calm.LogOdds} {flooded.LogOdds}");
    }

    /// <summary>He has the password, the victim's user agent and a line with its provider; from day to day he brings one thing more of his own.</summary>
    [Fact]
    public async Task Whoever_drifts_from_the_victim_to_himself_step_by_step_is_told_of_on_the_way()
    {
        await using var judging = await PastAsync();
        Login near = People.AtHome(Victim, TimeSpan.FromDays(1)) with { Address = "203.0.9.9", DeviceId = "" };
        Login[] steps =
        [
            near,
            near with { After = TimeSpan.FromDays(2), UserAgent = Login.OtherUserAgent },
            near with { After = TimeSpan.FromDays(3), UserAgent = Login.OtherUserAgent, Address = Lair, Asn = Town.AttackerAsn },
            near with { After = TimeSpan.FromDays(4), UserAgent = Login.OtherUserAgent, Address = Lair, Asn = Town.AttackerAsn, Country = "NL" },
        ];
        foreach (var step in steps) await judging.SubmitAsync(step);
        var told = judging.Assessments[^steps.Length..];
        Assert.Contains(told, assessment => assessment.Action >= DecisionAction.Notify);
        Assert.True(told.Max(assessment => assessment.LogOdds) > -3.5, string.Join(' ', told.Select(assessment => $"{assessment.LogOdds:F2}/{assessment.Action}")));
    }

    [Fact]
    public async Task One_own_account_does_not_make_its_network_an_ordinary_one_to_begin_in()
    {
        Login Newcomer(string subject) => new(subject, TimeSpan.FromHours(2), "192.0.2.9") { Asn = Town.AttackerAsn, Country = "NL", DeviceId = "" };
        var calm = await AfterAsync(_ => Task.CompletedTask, Newcomer("never-seen"));
        var flooded = await AfterAsync(judging => judging.SubmitAsync([.. Enumerable.Range(0, 500).Select(i => Own(0, TimeSpan.FromSeconds(i)))]), Newcomer("never-seen"));
        Assert.True(calm.LogOdds > -4.595 + 0.5, $"{calm.LogOdds}");
        Assert.InRange(flooded.LogOdds, calm.LogOdds - 1.2, calm.LogOdds);
    }

    private static async Task<AssessmentRecord> AfterAsync(Func<Judging, Task> poison, Login asked)
    {
        await using var judging = await PastAsync();
        await poison(judging);
        return await judging.EvaluateAsync(asked with { Kind = EventKind.LoginAttempt });
    }

    /// <summary>Two hundred people for twelve days.</summary>
    private static async Task<Judging> PastAsync()
    {
        var judging = new Judging();
        for (var day = -12; day < 0; day++) await judging.SubmitAsync(People.Day(TimeSpan.FromDays(day)));
        return judging;
    }

    private static Login Intrusion(int victim = Victim) =>
        new(Town.NameOf(victim), TimeSpan.FromHours(1), Lair) { Asn = Town.AttackerAsn, Country = "NL", DeviceId = "", UserAgent = Login.OtherUserAgent };

    private static Login Own(int account, TimeSpan after) =>
        new($"own-{account}", after, Lair) { Asn = Town.AttackerAsn, Country = "NL", DeviceId = $"own-device-{account}", UserAgent = Login.OtherUserAgent, Mfa = ["totp"] };
}
