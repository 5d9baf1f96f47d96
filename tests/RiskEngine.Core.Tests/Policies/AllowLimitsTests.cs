using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

/// <summary>A rule that allows lifts all that stand behind it: it ends, and rests on nothing that everybody can claim.</summary>
public sealed class AllowLimitsTests
{
    private static readonly EventTime Now = new(1_790_000_000_000);

    private static readonly PolicyRule Behind = new() { Name = "behind", Then = DecisionAction.Challenge, When = new RuleConditions { Level = RiskLevel.High } };

    [Theory]
    [InlineData("true"), InlineData("has(event.source_ip)"), InlineData("'corp' in network.feeds"), InlineData("network.trusted"), InlineData("reputation.address >= 0.0"), InlineData("risk.level == none")]
    [InlineData("event.source_ip == ip('203.0.113.7')"), InlineData("geo.country == 'DE'"), InlineData("event.application == 'kiosk'"), InlineData("'ops' in subject.groups")]
    [InlineData("network.trusted && event.occurred_at > timestamp('2027-01-01T00:00:00Z')"), InlineData("network.trusted || event.occurred_at < timestamp('2027-01-01T00:00:00Z')")]
    [InlineData("event.source_ip in lists.visitors || event.source_ip in lists.partners")]
    public void What_is_allowed_without_an_end_is_refused(string when)
    {
        Assert.Equal("rules[0].then", Assert.Single(Faults(when)).Path);
        Assert.Empty(Faults(when, until: Now));
    }

    [Theory]
    [InlineData("network.trusted && event.occurred_at < timestamp('2027-01-01T00:00:00Z')"), InlineData("event.source_ip in lists.visitors"), InlineData("!(event.occurred_at >= timestamp('2027-01-01T00:00:00Z'))")]
    public void An_end_may_stand_in_the_condition_or_in_its_list(string when) => Assert.Empty(Faults(when));

    [Theory, InlineData(0, true), InlineData(1, false)]
    public void An_end_is_at_most_400_days_ahead(int milliseconds, bool right)
    {
        var until = Now + TimeSpan.FromDays(400) + TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(right, Faults("network.trusted", until).Count == 0);
        Assert.Empty(Faults("network.trusted", until, now: null));
    }

    [Fact]
    public void A_condition_that_ends_in_the_year_9999_does_not_end()
    {
        var fault = Assert.Single(Faults("network.trusted && event.occurred_at < timestamp('9999-01-01T00:00:00Z')"));
        Assert.Contains("ends within 400 days", fault.Message);
        Assert.Empty(Faults("network.trusted && event.occurred_at < timestamp('9999-01-01T00:00:00Z')", until: Now));
    }

    [Theory]
    [InlineData("event.user_agent == 'corp'"), InlineData("network.trusted && device.class == 'library'"), InlineData("has(device.browser)"), InlineData("event.user_agent.matches('corp')"), InlineData("device.os in ['Windows']"), InlineData("device.browser_version > 100")]
    public void Nothing_is_allowed_by_what_a_user_agent_claims(string when) => Assert.Equal("rules[0].when", Assert.Single(Faults(when, until: Now)).Path);

    [Fact]
    public void A_rule_with_nothing_behind_it_that_it_could_lift_needs_no_end()
    {
        var allow = Allow("event.user_agent == 'corp'", null);
        Assert.Empty(PolicyCheck.Validate(new PolicyDefinition { Rules = [Behind, allow] }, null, Now));
        Assert.Empty(PolicyCheck.Validate(new PolicyDefinition { Rules = [allow, allow with { Name = "also" }] }, null, Now));
        Assert.Empty(PolicyCheck.Validate(new PolicyDefinition { Rules = [allow, Behind with { Priority = 1 }] }, null, Now));
        Assert.NotEmpty(PolicyCheck.Validate(new PolicyDefinition { Rules = [Behind, allow with { Priority = 1 }] }, null, Now));
    }

    private static PolicyRule Allow(string when, EventTime? until) => new() { Name = "a", Then = DecisionAction.Allow, Until = until, When = new RuleConditions { Expression = when } };

    private static IReadOnlyList<PolicyFault> Faults(string when, EventTime? until = null) => Faults(when, until, Now);

    private static IReadOnlyList<PolicyFault> Faults(string when, EventTime? until, EventTime? now) => PolicyCheck.Validate(
        new PolicyDefinition
        {
            Lists = new Dictionary<string, PolicyList>
            {
                ["visitors"] = new() { Values = ["198.51.100.0/24"], Until = Now },
                ["partners"] = new() { Values = ["192.0.2.0/24"] },
            },
            Rules = [Allow(when, until), Behind],
        },
        null, now);
}
