using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What events other than logins leave behind, seen in how later ones are judged.</summary>
public sealed class LearningTests
{
    private const string Stranger = "198.51.100.66";

    [Fact]
    public async Task Ten_refused_pushes_make_the_yes_suspicious()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync([.. Enumerable.Range(0, 10).Select(i => new Login("42", TimeSpan.FromSeconds(10 * i), Kind: EventKind.MfaFailed))]);
        await judging.SubmitAsync(new Login("42", TimeSpan.FromMinutes(2)));
        Assert.Contains("\"mfa_fatigue\"", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_refused_push_does_not()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(new Login("42", TimeSpan.Zero, Kind: EventKind.MfaFailed), new Login("42", TimeSpan.FromMinutes(2)));
        Assert.DoesNotContain("mfa_fatigue", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_factor_is_seen_together_with_the_login_before_it()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromMinutes(10)) with { Kind = EventKind.FactorAdded });
        Assert.Contains("\"factor_after_risky_login\"", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passed_challenge_settles_the_risk_before_it_and_makes_the_place_known()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromMinutes(1)) with { Kind = EventKind.ChallengePassed });
        await judging.SubmitAsync(Foreign(TimeSpan.FromMinutes(10)) with { Kind = EventKind.FactorAdded });
        Assert.DoesNotContain("factor_after_risky_login", judging.Lines[^1], StringComparison.Ordinal);

        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(1)));
        Assert.Contains("known_device", judging.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_blocked_login_there_is_no_challenge_to_pass()
    {
        await using var judging = await Judging.EstablishedAsync();
        var block = new Block { Id = 1, Scope = BlockScope.Ip, Value = Stranger, Reason = "x", Origin = BlockOrigin.Person, CreatedAt = EventTime.From(Judging.Noon), Until = EventTime.From(Judging.Noon.AddHours(1)) };
        judging.Store.Blocks.Put(block, RiskEngine.Core.State.BlockTable.KeyOf(IpAddress.Parse(Stranger)));
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromMinutes(1)) with { Kind = EventKind.ChallengePassed }, Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_telephone_is_not_refused_where_the_laptop_was_challenged()
    {
        await using var judging = await Judging.EstablishedAsync();
        var block = new Block { Id = 1, Scope = BlockScope.Ip, Value = Stranger, Reason = "x", Origin = BlockOrigin.Policy, Enforced = true, CreatedAt = EventTime.From(Judging.Noon), Until = EventTime.From(Judging.Noon.AddDays(1)) };
        judging.Store.Blocks.Put(block, RiskEngine.Core.State.BlockTable.KeyOf(IpAddress.Parse(Stranger)));
        var laptop = new Login("42", TimeSpan.FromHours(1), Stranger);
        var telephone = new Login("42", TimeSpan.FromHours(2), Stranger) { DeviceId = "telephone", UserAgent = Login.OtherUserAgent };
        await judging.SubmitAsync(telephone with { After = TimeSpan.Zero }, laptop, telephone, telephone with { Subject = "43" });
        Assert.Equal([DecisionAction.Block, DecisionAction.Challenge, DecisionAction.Challenge, DecisionAction.Block], judging.Assessments[^4..].Select(assessment => assessment.Action));
    }

    [Fact]
    public async Task A_failed_challenge_teaches_nothing()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromMinutes(1)) with { Kind = EventKind.ChallengeFailed }, Foreign(TimeSpan.FromHours(1)));
        Assert.Contains("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passed_challenge_and_its_login_are_one_login()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromMinutes(1)) with { Kind = EventKind.ChallengePassed }, Foreign(TimeSpan.FromHours(1)));
        Assert.Contains("same device in 1 login", judging.Lines[^1], StringComparison.Ordinal);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(1.05)) with { Kind = EventKind.ChallengePassed }, Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("same device in 2 logins", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_known_by_the_systems_they_were_used_from()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Login.ByToken(0, 64500), Login.ByToken(1, 64500), Login.ByToken(2, 64999), Login.ByToken(3, 64999));
        Assert.Equal([false, false, true, false], judging.Lines.Select(line => line.Contains("token_new_network", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stranger_on_a_reactivated_account_is_noticed()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(new Login("42", TimeSpan.Zero, Kind: EventKind.AccountReactivated), Foreign(TimeSpan.FromHours(5)));
        Assert.Contains("\"reactivated_account\"", judging.Lines[^1], StringComparison.Ordinal);
    }

    private static Login Foreign(TimeSpan after) => new("42", after, Stranger) { Country = "PT", Asn = 64510, DeviceId = "tablet", UserAgent = Login.OtherUserAgent };
}
