using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Simulation.Tests;

public sealed class AttackPeriodRefereeTests
{
    private static readonly AttackLabel Spray = new("spray", 1);

    private readonly AttackPeriodReferee _referee = new();

    [Fact]
    public void A_campaign_is_found_when_a_period_begins_in_it_and_its_attempts_until_then_are_counted()
    {
        for (var minute = 0; minute < 30; minute++) _referee.Observe(Spray, At(minute));
        var figures = _referee.Report([new("password_spray", true, At(12), At(40))]);
        var spray = Assert.Single(figures.Attacks);
        Assert.Equal((1, 1, 12, 13, 30), (spray.Campaigns, spray.Found, spray.Minutes, spray.Attempts, spray.Size));
        Assert.Equal((1, 0), (figures.Periods, figures.FalsePeriods));
    }

    [Theory, InlineData(60 + 29, 1, 0), InlineData(60 + 30, 0, 1)]
    public void An_hour_after_its_last_event_a_period_is_nobodys(int start, int found, int falseOnes)
    {
        for (var minute = 0; minute < 30; minute++) _referee.Observe(Spray, At(minute));
        var figures = _referee.Report([new("password_spray", true, At(start), At(start + 60))]);
        Assert.Equal((found, falseOnes), (figures.Attacks[0].Found, figures.FalsePeriods));
        Assert.Equal(falseOnes, figures.FalseHours);
    }

    [Fact]
    public void A_surge_finds_nobody_and_is_not_held_against_the_engine()
    {
        _referee.Observe(Spray, At(0));
        _referee.Observe(null, At(1));
        var figures = _referee.Report([new("failure_surge", false, At(0), At(1))]);
        Assert.Equal((0, 0, 0, 1), (figures.Attacks[0].Found, figures.Periods, figures.FalsePeriods, figures.Surges));
    }

    [Fact]
    public void Takeovers_are_no_attack_on_the_fleet()
    {
        _referee.Observe(new AttackLabel("takeover", 1), At(0));
        Assert.Empty(_referee.Report([]).Attacks);
    }

    private static EventTime At(int minutes) => EventTime.FromUnixSeconds(1_795_262_400u + (60u * (uint)minutes));
}
