using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

public sealed class CompiledPolicyTests
{
    private static readonly SignalRecord[] Spray = [LoginUnderTest.Signal(SignalCode.PasswordSpray, 2.0), LoginUnderTest.Signal(SignalCode.NewDevice, 0.5)];

    [Fact]
    public void Without_rules_every_login_is_allowed()
    {
        var match = CompiledPolicy.Compile(new PolicyDefinition()).Decide(new LoginUnderTest().Context, RiskLevel.High, 99, [], -5);
        Assert.Equal((AssessmentRecord.NoRule, DecisionAction.Allow), (match.Rule, match.Action));
    }

    [Fact]
    public void The_first_rule_that_holds_decides()
    {
        var policy = Policy(Challenge("a", new() { Level = RiskLevel.High }), Challenge("b", new() { Level = RiskLevel.Low }), Challenge("c", new()));
        Assert.Equal(1, policy.Decide(new LoginUnderTest().Context, RiskLevel.Medium, 30, [], 0).Rule);
    }

    [Fact]
    public void A_higher_priority_is_asked_before_an_earlier_rule()
    {
        var policy = Policy(Challenge("a", new()), Challenge("b", new()) with { Priority = 1 }, Challenge("c", new()) with { Priority = 1 });
        Assert.Equal(["b", "c", "a"], policy.RuleNames);
        Assert.Equal(0, policy.Decide(new LoginUnderTest().Context, RiskLevel.None, 1, [], 0).Rule);
    }

    [Fact]
    public void A_rule_that_only_notifies_lets_the_rules_behind_it_say_more()
    {
        var tell = Challenge("tell", new()) with { Then = DecisionAction.Notify };
        var again = Challenge("again", new()) with { Then = DecisionAction.Notify };
        var strict = Challenge("strict", new() { Level = RiskLevel.High });
        Assert.Equal((2, DecisionAction.Challenge, true), Decided(RiskLevel.High, tell, again, strict));
        Assert.Equal((0, DecisionAction.Notify, false), Decided(RiskLevel.Medium, tell, again, strict));
        Assert.Equal((0, DecisionAction.Challenge, false), Decided(RiskLevel.High, strict, tell));
        Assert.Equal((0, DecisionAction.Notify, false), Decided(RiskLevel.High, tell, Challenge("pass", new()) with { Then = DecisionAction.Allow, Until = new EventTime(4_000_000_000_000) }, strict));
        Assert.Equal((0, DecisionAction.Allow, false), Decided(RiskLevel.High, Challenge("pass", new()) with { Then = DecisionAction.Allow, Until = new EventTime(4_000_000_000_000) }, tell, strict));
    }

    [Fact]
    public void An_allow_entry_lifts_the_block_behind_a_rule_that_only_notifies()
    {
        var policy = Policy(
            Challenge("tell", new()) with { Then = DecisionAction.Notify }, Challenge("bad", new() { Reputation = -1 }) with { Then = DecisionAction.Block }, Challenge("high", new() { Level = RiskLevel.High }));
        var context = new LoginUnderTest().Context;
        var high = policy.Decide(context, RiskLevel.High, 90, [], -5, liftAddressBlocks: true);
        Assert.Equal((2, DecisionAction.Challenge, true, true), (high.Rule, high.Action, high.Lifted, high.Notify));
        var low = policy.Decide(context, RiskLevel.Low, 4, [], -5, liftAddressBlocks: true);
        Assert.Equal((0, DecisionAction.Notify, true), (low.Rule, low.Action, low.Lifted));
    }

    [Theory, InlineData(RiskLevel.Low, false), InlineData(RiskLevel.Medium, true), InlineData(RiskLevel.High, true)]
    public void A_level_is_a_least_level(RiskLevel level, bool holds) => Assert.Equal(holds, Holds(new() { Level = RiskLevel.Medium }, level: level));

    [Theory, InlineData(49.99, false), InlineData(50, true)]
    public void A_score_is_a_least_score(double score, bool holds) => Assert.Equal(holds, Holds(new() { Score = 50 }, score: score));

    [Theory, InlineData(-3.1, true), InlineData(-3, true), InlineData(-2.9, false), InlineData(double.NaN, false)]
    public void A_reputation_is_a_greatest_reputation_and_an_unknown_one_satisfies_nothing(double reputation, bool holds) =>
        Assert.Equal(holds, Holds(new() { Reputation = -3 }, reputation: (float)reputation));

    [Fact]
    public void An_address_that_says_nothing_has_no_bad_reputation() =>
        Assert.False(Holds(new() { Reputation = 5 }, new LoginUnderTest { IsEvaluable = false }, reputation: -5));

    [Theory, InlineData(2.0, true), InlineData(2.01, false), InlineData(null, true)]
    public void A_signal_may_need_a_least_contribution(double? least, bool holds) =>
        Assert.Equal(holds, Holds(new() { Signals = [new(SignalCode.PasswordSpray, least), new(SignalCode.BruteForce)] }));

    [Fact]
    public void A_weak_signal_does_not_shut_out_another_one_of_the_list() =>
        Assert.True(Holds(new() { Signals = [new(SignalCode.PasswordSpray, 9), new(SignalCode.NewDevice)] }));

    [Fact]
    public void All_signals_means_all()
    {
        Assert.True(Holds(new() { SignalsAll = [new(SignalCode.PasswordSpray, 2), new(SignalCode.NewDevice)] }));
        Assert.False(Holds(new() { SignalsAll = [new(SignalCode.PasswordSpray), new(SignalCode.BruteForce)] }));
        Assert.False(Holds(new() { SignalsAll = [new(SignalCode.PasswordSpray, 2.1), new(SignalCode.NewDevice)] }));
    }

    [Theory, InlineData("DE", true, false), InlineData("FR", false, true), InlineData("", false, false)]
    public void An_unknown_country_is_neither_inside_nor_outside(string country, bool inside, bool outside)
    {
        var login = new LoginUnderTest { Country = CountryCode.Parse(country) };
        Assert.Equal(inside, Holds(new() { Country = [CountryCode.Parse("DE"), CountryCode.Parse("ZZ")] }, login));
        Assert.Equal(outside, Holds(new() { CountryNot = [CountryCode.Parse("DE")] }, login));
    }

    [Fact]
    public void Names_of_groups_applications_and_subjects_hold_to_the_letter()
    {
        var login = new LoginUnderTest(subject: "42").InGroups("sales", "finance");
        login.Event.Application = login.Text("grafana");
        login.Event.SubjectName = login.Text("jane");
        Assert.True(Holds(new() { Group = ["finance"], Application = ["grafana"], Subject = ["jane"] }, login));
        Assert.True(Holds(new() { Subject = ["1", "42"] }, login));
        Assert.False(Holds(new() { Group = ["Finance"] }, login));
        Assert.False(Holds(new() { Application = ["grafan"] }, login));
        Assert.False(Holds(new() { Subject = ["4"] }, login));
    }

    [Fact]
    public void Networks_kinds_and_numbers_are_any_of()
    {
        var login = new LoginUnderTest(kind: EventKind.Login) { AsnNumber = 64500 };
        login.Facts.Networks = NetworkKinds.Vpn;
        Assert.True(Holds(new() { Network = NetworkKinds.Tor | NetworkKinds.Vpn, Kind = [EventKind.Login], Asn = [64501, 64500] }, login));
        Assert.False(Holds(new() { Network = NetworkKinds.Tor }, login));
        Assert.False(Holds(new() { Kind = [EventKind.LoginFailed] }, login));
        Assert.False(Holds(new() { Asn = [64501] }, login));
    }

    [Fact]
    public void A_feed_is_known_by_its_name_whatever_its_index()
    {
        var login = new LoginUnderTest();
        login.Facts.AddFeedHit(new FeedHit(200, 1, 1));
        string[] feeds = [.. Enumerable.Range(0, 256).Select(index => $"feed{index}")];
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Rules = [Challenge("a", new() { Feed = ["feed200"] })] }, feeds);
        Assert.Equal(0, policy.Decide(login.Context, RiskLevel.None, 1, [], 0).Rule);
        Assert.NotEqual(0, policy.Decide(new LoginUnderTest().Context, RiskLevel.None, 1, [], 0).Rule);
    }

    [Fact]
    public void Service_accounts_and_established_subjects_can_be_told_apart()
    {
        var service = new LoginUnderTest { IsEstablished = true };
        service.Event.ServiceAccount = true;
        Assert.True(Holds(new() { ServiceAccount = true, Established = true }, service));
        Assert.False(Holds(new() { ServiceAccount = false }, service));
        Assert.False(Holds(new() { Established = true }, new LoginUnderTest()));
    }

    [Theory]
    [InlineData(PolicyMode.Monitor, null, false), InlineData(PolicyMode.Monitor, PolicyMode.Enforce, false)]
    [InlineData(PolicyMode.Enforce, null, true), InlineData(PolicyMode.Enforce, PolicyMode.Monitor, false), InlineData(PolicyMode.Enforce, PolicyMode.Enforce, true)]
    public void A_rule_can_be_held_back_but_not_be_ahead_of_its_policy(PolicyMode mode, PolicyMode? ofRule, bool enforced)
    {
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Mode = mode, Rules = [Challenge("a", new()) with { Mode = ofRule }] });
        Assert.Equal(enforced, policy.Decide(new LoginUnderTest().Context, RiskLevel.None, 1, [], 0).IsEnforced);
    }

    [Fact]
    public void An_allow_entry_passes_over_blocks_of_the_address_only()
    {
        var policy = Policy(
            Challenge("a", new() { Reputation = -1 }) with { Then = DecisionAction.Block },
            Challenge("b", new() { Level = RiskLevel.High }));
        var lifted = policy.Decide(new LoginUnderTest().Context, RiskLevel.High, 90, [], -5, liftAddressBlocks: true);
        Assert.Equal((1, DecisionAction.Challenge, true), (lifted.Rule, lifted.Action, lifted.Lifted));
    }

    [Theory, InlineData(4, false), InlineData(5, true)]
    public void An_address_is_shared_from_five_established_subjects(int subjects, bool shared)
    {
        var login = new LoginUnderTest().WithSubjects(subjects);
        Assert.Equal(shared, CompiledPolicy.Compile(new PolicyDefinition()).IsShared(login.Address, login.Now));
    }

    [Fact]
    public void Trusted_networks_are_those_of_a_group_of_the_subject()
    {
        var policy = CompiledPolicy.Compile(new PolicyDefinition { TrustedNetworks = [new() { Networks = [Networks.Parse("203.0.113.0/24")], Groups = ["finance"] }] });
        var member = new LoginUnderTest().InGroups("finance");
        var other = new LoginUnderTest();
        var elsewhere = new LoginUnderTest("198.51.100.1").InGroups("finance");
        Assert.True(policy.IsTrusted(member.Batch, member.Event));
        Assert.False(policy.IsTrusted(other.Batch, other.Event));
        Assert.False(policy.IsTrusted(elsewhere.Batch, elsewhere.Event));
    }

    [Fact]
    public void The_version_changes_with_whatever_can_change_a_decision()
    {
        var policy = DefaultPolicy.Definition;
        PolicyDefinition[] others =
        [
            policy, policy with { Mode = PolicyMode.Enforce }, policy with { SharedAddressSubjects = 6 }, policy with { Blocks = new() { Jitter = 0 } },
            policy with { Rules = [.. policy.Rules.Reverse()] }, policy with { Rules = [policy.Rules[0] with { Notify = true }, .. policy.Rules.Skip(1)] },
            policy with { Rules = [policy.Rules[0] with { When = policy.Rules[0].When with { Score = 1 } }, .. policy.Rules.Skip(1)] },
        ];
        Assert.Equal(others.Length, others.Select(each => CompiledPolicy.Compile(each).Version).Distinct().Count());
        Assert.Equal(CompiledPolicy.Compile(policy).Version, CompiledPolicy.Compile(policy with { Rules = [.. policy.Rules] }).Version);
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var policy = Policy([.. Enumerable.Range(0, 10).Select(i => Challenge($"r{i}", new()
        {
            Signals = [new(SignalCode.PasswordSpray, 3)], Country = [CountryCode.Parse("DE")], Group = ["finance"], Kind = [EventKind.LoginFailed],
        }))]);
        var login = new LoginUnderTest { Country = CountryCode.Parse("DE") }.InGroups("finance");
        var least = long.MaxValue;
        var context = login.Context;
        // Not by Allocations: a context cannot be captured.
        for (var round = 0; round < 100 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) policy.Decide(context, RiskLevel.High, 90, Spray, -5);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static (int Rule, DecisionAction Action, bool Notify) Decided(RiskLevel level, params PolicyRule[] rules)
    {
        var match = Policy(rules).Decide(new LoginUnderTest().Context, level, 50, [], 0);
        return (match.Rule, match.Action, match.Notify);
    }

    [Fact]
    public void Every_signal_has_a_bit_of_its_own() => Assert.All(SignalCatalogue.All, signal => Assert.InRange((int)signal.Code, 1, 63));

    private static bool Holds(RuleConditions when, LoginUnderTest? login = null, RiskLevel level = RiskLevel.High, double score = 90, float reputation = 0) =>
        Policy(Challenge("a", when)).Decide((login ?? new LoginUnderTest()).Context, level, score, Spray, reputation).Rule == 0;

    private static PolicyRule Challenge(string name, RuleConditions when) => new() { Name = name, When = when, Then = DecisionAction.Challenge };

    private static CompiledPolicy Policy(params PolicyRule[] rules) => CompiledPolicy.Compile(new PolicyDefinition { Rules = rules });
}
