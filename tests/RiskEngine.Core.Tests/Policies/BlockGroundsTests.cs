using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

/// <summary>What a condition rests on is derived from its expression: never wrongly granted.</summary>
public sealed class BlockGroundsTests
{
    [Theory]
    [InlineData("reputation.address < 0"), InlineData("reputation.address <= -0.5"), InlineData("!(reputation.address >= 0)"), InlineData("-1 > reputation.address"), InlineData("reputation.network < 0.0")]
    [InlineData("risk.level >= high && reputation.address < 0"), InlineData("(risk.level >= high || subject.logins == 0) && ('feed_hit' in signals || 'tor' in network.kinds)")]
    [InlineData("!(reputation.address >= 0 || risk.level < high)"), InlineData("!(risk.level < high) && !(!('brute_force' in signals))"), InlineData("risk.level >= high ? 'ipsum' in network.feeds : reputation.address < -1")]
    [InlineData("'tor' in network.kinds && risk.level >= high ? true : false"), InlineData("'honey_account' in signals"), InlineData("signals.address_reputation > 0.0"), InlineData("signals.network_reputation >= 0.5"), InlineData("signals.password_spray >= 2.0"), InlineData("has(signals.feed_hit)"), InlineData("signals.exists(s, s in ['password_spray', 'brute_force'])")]
    [InlineData("size(network.feeds) > 0"), InlineData("size(network.feeds) >= 1"), InlineData("has(network.feeds)"), InlineData("network.feeds.exists(f, f != 'partners')"), InlineData("network.kinds.exists(k, k in ['tor', 'vpn'])")]
    [InlineData("geo.country in ['KP']"), InlineData("!(geo.country in ['DE'])"), InlineData("network.asn == 64500"), InlineData("cidr('203.0.113.0/24').contains(event.source_ip)"), InlineData("!(event.source_ip in [cidr('10.0.0.0/8')])")]
    [InlineData("subject.id == '42'"), InlineData("subject.name in ['a', 'b']"), InlineData("false"), InlineData("risk.level >= high && false")]
    public void A_block_may_rest_on_what_always_speaks_where_it_holds(string when) => Assert.Empty(Faults(when));

    [Theory]
    [InlineData("true"), InlineData("risk.level >= high"), InlineData("reputation.address < 0 || risk.level >= high"), InlineData("!(reputation.address < 0)"), InlineData("reputation.address <= 0"), InlineData("reputation.address < 0.1")]
    [InlineData("reputation.address > -1"), InlineData("!(reputation.address <= -1)"), InlineData("reputation.pair < -2"), InlineData("reputation.asn < -2"), InlineData("size(network.feeds) > -0.5"), InlineData("signals.address_reputation < 0.0"), InlineData("signals.address_reputation >= 0.0"), InlineData("'network_reputation' in signals"), InlineData("risk.level >= high ? reputation.address < 0 : true")]
    [InlineData("reputation.address < 0 ? risk.level >= high : risk.level >= high"), InlineData("!(reputation.address >= 0 && risk.level < high)"), InlineData("!('feed_hit' in signals)"), InlineData("'distributed_brute_force' in signals")]
    [InlineData("signals.success_after_failures > 1.0"), InlineData("'pair_reputation' in signals || 'feed_hit' in signals"), InlineData("signals.exists(s, s in ['password_spray', 'new_device'])"), InlineData("signals.all(s, s == 'password_spray')")]
    [InlineData("signals.exists(s, s != 'new_device')"), InlineData("!signals.exists(s, s == 'feed_hit')"), InlineData("size(network.feeds) >= 0"), InlineData("size(network.feeds) < 3"), InlineData("network.feeds.all(f, f == 'ipsum')")]
    [InlineData("'mobile' in network.kinds"), InlineData("!('tor' in network.kinds)"), InlineData("network.kinds.exists(k, k in ['tor', 'relay'])"), InlineData("has(geo.country)"), InlineData("network.asn != 64500")]
    [InlineData("!(subject.id == '42')"), InlineData("subject.id.startsWith('4')"), InlineData("event.kind == 'login_failed'"), InlineData("event.application == 'payroll' && 'finance' in subject.groups"), InlineData("(reputation.address < 0) == false")]
    public void What_can_hold_without_never_blocks(string when)
    {
        var fault = Assert.Single(Faults(when));
        Assert.Equal("rules[0].then", fault.Path);
        Assert.Contains("&& at its outermost level", fault.Message);
    }

    [Fact]
    public void Variables_and_lists_are_seen_through()
    {
        var policy = new PolicyDefinition
        {
            Lists = new Dictionary<string, PolicyList> { ["bad"] = new() { Values = ["203.0.113.0/24"] } },
            Variables = new Dictionary<string, string> { ["bad"] = "event.source_ip in lists.bad", ["high"] = "risk.level >= high" },
            Rules = [Block("variables.high && variables.bad")],
        };
        Assert.Empty(PolicyCheck.Validate(policy));
        Assert.Single(PolicyCheck.Validate(policy with { Rules = [Block("variables.high || variables.bad")] }));
    }

    [Theory]
    [InlineData("'ipsum' in network.feeds && event.kind == 'login'", true), InlineData("'ipsum' in network.feeds && event.kind in ['login', 'session_seen']", true), InlineData("'ipsum' in network.feeds && !(event.kind != 'token_used')", true)]
    [InlineData("'ipsum' in network.feeds && (event.kind == 'login_failed' ? false : event.kind == 'login')", true), InlineData("'ipsum' in network.feeds", false), InlineData("'ipsum' in network.feeds && event.kind in ['login', 'login_failed']", false)]
    [InlineData("'ipsum' in network.feeds && event.kind != 'login_failed'", false), InlineData("'ipsum' in network.feeds && (event.kind == 'login' || risk.level >= high)", false), InlineData("'ipsum' in network.feeds && event.kind.startsWith('login')", false)]
    public void A_subject_is_blocked_only_where_nobody_can_bring_it_about_by_failing(string when, bool right) =>
        Assert.Equal(right, !PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when) with { Scope = BlockScope.Subject }] }).Any(fault => fault.Path == "rules[0].scope"));

    [Theory]
    [InlineData("address.shared && reputation.address < 0", BlockScope.Ip, false), InlineData("address.shared && reputation.address < 0", BlockScope.Range, false), InlineData("address.shared && reputation.address < 0", BlockScope.Pair, true)]
    [InlineData("!address.shared && reputation.address < 0", BlockScope.Ip, true), InlineData("(address.shared || risk.level >= high) && reputation.address < 0", BlockScope.Ip, true)]
    public void A_shared_address_is_not_blocked_whole(string when, BlockScope scope, bool right) =>
        Assert.Equal(right, PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when) with { Scope = scope }] }).Count == 0);

    [Theory]
    [InlineData("event.source_ip == ip('203.0.113.7')", false), InlineData("geo.country == 'DE'", false), InlineData("subject.name == 'jane'", false), InlineData("risk.level == none || network.asn == 64500", false)]
    [InlineData("event.source_ip == ip('203.0.113.7') && event.occurred_at < timestamp('2027-01-01T00:00:00Z')", true), InlineData("event.source_ip in lists.visitors", true)]
    [InlineData("event.source_ip == ip('203.0.113.7') && event.occurred_at > timestamp('2027-01-01T00:00:00Z')", false), InlineData("event.source_ip == ip('203.0.113.7') || event.occurred_at < timestamp('2027-01-01T00:00:00Z')", false)]
    [InlineData("event.source_ip in lists.visitors || event.source_ip in lists.partners", false), InlineData("risk.level == none", true), InlineData("event.application == 'kiosk'", true), InlineData("'ops' in subject.groups", true)]
    public void Who_is_allowed_by_name_is_allowed_until_some_day(string when, bool right)
    {
        var policy = new PolicyDefinition
        {
            Lists = new Dictionary<string, PolicyList>
            {
                ["visitors"] = new() { Values = ["198.51.100.0/24"], Until = new EventTime(1_800_000_000_000) },
                ["partners"] = new() { Values = ["192.0.2.0/24"] },
            },
            Rules = [new PolicyRule { Name = "a", Then = DecisionAction.Allow, When = new RuleConditions { Expression = when } }],
        };
        Assert.Equal(right, PolicyCheck.Validate(policy).Count == 0);
        Assert.Empty(PolicyCheck.Validate(policy with { Rules = [policy.Rules[0] with { Until = new EventTime(1_800_000_000_000) }] }));
    }

    [Fact]
    public void A_rule_and_a_list_end_when_they_say()
    {
        var end = LoginUnderTest.Noon + TimeSpan.FromMilliseconds(1);
        bool Holds(EventTime until) => CompiledPolicy.Compile(new PolicyDefinition
        {
            Lists = new Dictionary<string, PolicyList> { ["here"] = new() { Values = ["203.0.113.0/24"], Until = until } },
            Rules = [new PolicyRule { Name = "a", Then = DecisionAction.Challenge, When = new RuleConditions { Expression = "event.source_ip in lists.here" } }],
        }).Decide(new LoginUnderTest().Context, RiskLevel.None, 1, [], 0).Rule == 0;
        Assert.True(Holds(end));
        Assert.False(Holds(LoginUnderTest.Noon));
    }

    private static PolicyRule Block(string when) => new() { Name = "a", Then = DecisionAction.Block, When = new RuleConditions { Expression = when } };

    private static IReadOnlyList<PolicyFault> Faults(string when) => PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when)] });
}
