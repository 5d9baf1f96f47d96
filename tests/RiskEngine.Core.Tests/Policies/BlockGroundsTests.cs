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
            Variables = new Dictionary<string, string> { ["bad"] = "event.source_ip in lists.bad", ["high"] = "risk.level >= high", ["payroll"] = "event.application == 'payroll'" },
            Rules = [Block("variables.payroll && variables.bad")],
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

    /// <summary>Strangers fail in a subject's name, and the owner signs in with a new telephone: what that moves must not be all that happened.</summary>
    [Theory]
    [InlineData("event.kind == 'login' && geo.country == 'DE' && 'distributed_brute_force' in signals", BlockScope.Subject), InlineData("event.kind == 'login' && geo.country != 'DE' && risk.level >= high", BlockScope.Session)]
    [InlineData("!cidr('127.0.0.0/8').contains(event.source_ip) && 'success_after_failures' in signals", BlockScope.Ip), InlineData("event.source_ip in [cidr('0.0.0.0/0')] && risk.score >= 50", BlockScope.Pair)]
    [InlineData("event.kind == 'login_failed' && geo.country != 'FR'", BlockScope.Pair), InlineData("event.kind != 'session_seen' && network.asn == 64500", BlockScope.Ip), InlineData("event.reason == 'password' && geo.country != 'FR'", BlockScope.Pair)]
    [InlineData("event.kind == 'login' && subject.id == '42' && fleet.under_attack", BlockScope.Subject), InlineData("geo.country == 'KP' || geo.country == 'DE' && reputation.pair < 0", BlockScope.Ip)]
    [InlineData("geo.country == 'DE' ? 'pair_reputation' in signals : network.asn == 64500", BlockScope.Ip), InlineData("!(geo.country != 'DE' || risk.level < high)", BlockScope.Range)]
    public void A_name_beside_what_failures_bring_about_is_no_ground(string when, BlockScope scope)
    {
        var fault = Assert.Single(PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when) with { Scope = scope }] }));
        Assert.Equal("rules[0].then", fault.Path);
        Assert.Contains("says whom the rule is about and not that anything speaks against the login", fault.Message);
    }

    [Fact]
    public void What_is_no_ground_is_told_in_the_words_of_the_rule()
    {
        var fault = Assert.Single(Faults("'feed_hit' in signals || geo.country == 'DE' && 'distributed_brute_force' in signals"));
        Assert.StartsWith("(geo.country == \"DE\") says whom the rule is about and not that anything speaks against the login, and (\"distributed_brute_force\" in signals) can be brought about by failing", fault.Message);
        Assert.Contains("nothing else speaks where (event.kind == \"login_failed\") holds", Assert.Single(Faults("'feed_hit' in signals || event.kind == 'login_failed'")).Message);
    }

    [Theory]
    [InlineData("event.kind == 'login' && geo.country == 'KP'", BlockScope.Subject), InlineData("event.kind == 'login' && subject.id == '42' && !device.known", BlockScope.Session), InlineData("subject.service_account && !(event.source_ip in [cidr('203.0.113.0/24')])", BlockScope.Pair)]
    [InlineData("event.kind == 'login' && 'tor' in network.kinds && risk.level >= high", BlockScope.Subject), InlineData("geo.country == 'DE' && 'password_spray' in signals", BlockScope.Ip), InlineData("geo.country == 'KP' || reputation.address < -2 && risk.level >= high", BlockScope.Ip)]
    [InlineData("event.kind == 'factor_added' && geo.country == 'KP'", BlockScope.Pair)]
    public void A_name_by_itself_or_beside_a_ground_may_block(string when, BlockScope scope) =>
        Assert.Empty(PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when) with { Scope = scope }] }));

    [Theory]
    [InlineData("event.kind == 'login' && geo.country == 'DE' && 'password_spray' in signals", BlockScope.Subject), InlineData("geo.country == 'DE' && reputation.address < 0", BlockScope.Session)]
    public void Velocity_and_a_name_never_block_a_subject_or_a_session(string when, BlockScope scope) =>
        Assert.Equal("rules[0].scope", Assert.Single(PolicyCheck.Validate(new PolicyDefinition { Rules = [Block(when) with { Scope = scope }] })).Path);

    [Theory, InlineData("'ipsum' in network.feeds && event.kind == 'login_failed'", true), InlineData("'ipsum' in network.feeds", false), InlineData("'ipsum' in network.feeds && event.kind in ['login', 'login_failed']", false)]
    public void A_rule_that_waits_for_a_failure_rests_on_failures(string when, bool rests)
    {
        var login = new LoginUnderTest(kind: EventKind.LoginFailed);
        login.Facts.AddFeedHit(new Core.Facts.FeedHit(0, 1, 1));
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Rules = [Block(when) with { Scope = BlockScope.Pair }] }, ["ipsum"]);
        var match = policy.Decide(login.Context, RiskLevel.None, 1, [], 0);
        Assert.Equal((0, rests), (match.Rule, match.RestsOnFailures));
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
