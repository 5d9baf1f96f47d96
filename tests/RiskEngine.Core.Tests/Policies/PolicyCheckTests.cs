using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

public sealed class PolicyCheckTests
{
    public static TheoryData<RuleConditions> Behaviour => new(
        new RuleConditions(), new RuleConditions { Level = RiskLevel.High }, new RuleConditions { Score = 99 },
        new RuleConditions { Signals = [new(SignalCode.ImpossibleTravel)] },
        new RuleConditions { Signals = [new(SignalCode.PasswordSpray), new(SignalCode.NewDevice)] },
        new RuleConditions { SignalsAll = [new(SignalCode.NewDevice), new(SignalCode.NewCountry)] },
        new RuleConditions { Signals = [new(SignalCode.DistributedBruteForce)] }, new RuleConditions { Signals = [new(SignalCode.SuccessAfterFailures)] },
        new RuleConditions { Signals = [new(SignalCode.PairReputation)] }, new RuleConditions { Reputation = 0 },
        new RuleConditions { Network = NetworkKinds.Mobile }, new RuleConditions { Network = NetworkKinds.Tor | NetworkKinds.Relay },
        new RuleConditions { Group = ["finance"], Application = ["grafana"], Kind = [EventKind.Login], Established = false });

    public static TheoryData<RuleConditions> Grounds => new(
        new RuleConditions { Reputation = -0.5 }, new RuleConditions { Feed = ["ipsum"] }, new RuleConditions { Network = NetworkKinds.Tor },
        new RuleConditions { Signals = [new(SignalCode.PasswordSpray), new(SignalCode.FeedHit)] },
        new RuleConditions { SignalsAll = [new(SignalCode.NewDevice), new(SignalCode.BruteForce)] },
        new RuleConditions { Asn = [64500] }, new RuleConditions { Subject = ["42"] }, new RuleConditions { CountryNot = [CountryCode.Parse("DE")] });

    [Theory, MemberData(nameof(Behaviour))]
    public void Behaviour_alone_never_blocks(RuleConditions when) => Assert.Contains(Faults(Block(when)), fault => fault.Path == "rules[0].then");

    [Theory, MemberData(nameof(Grounds))]
    public void Reputation_lists_velocity_and_people_may_block(RuleConditions when) => Assert.Empty(Faults(Block(when)));

    [Fact]
    public void Failures_cannot_lock_a_subject()
    {
        var rule = Block(new() { Feed = ["ipsum"] }) with { Scope = BlockScope.Subject };
        Assert.Equal("rules[0].scope", Assert.Single(Faults(rule)).Path);
        Assert.Single(Faults(rule with { When = rule.When with { Kind = [EventKind.Login, EventKind.LoginAttempt] } }));
        Assert.Empty(Faults(rule with { When = rule.When with { Kind = [EventKind.Login] } }));
    }

    [Theory, InlineData(BlockScope.Subject), InlineData(BlockScope.Session)]
    public void The_sign_in_after_an_attackers_failures_cannot_lock_its_subject(BlockScope scope)
    {
        var when = new RuleConditions { Signals = [new(SignalCode.BruteForce)], Kind = [EventKind.Login] };
        Assert.Equal("rules[0].scope", Assert.Single(Faults(Block(when) with { Scope = scope })).Path);
        Assert.Empty(Faults(Block(when) with { Scope = BlockScope.Pair }));
        Assert.Empty(Faults(Block(new() { Feed = ["ipsum"], Kind = [EventKind.Login] }) with { Scope = scope }));
    }

    [Theory, InlineData(BlockScope.Country), InlineData(BlockScope.Asn)]
    public void One_login_cannot_block_a_country_or_a_provider(BlockScope scope) =>
        Assert.Equal("rules[0].scope", Assert.Single(Faults(Block(new() { Reputation = -3 }) with { Scope = scope })).Path);

    [Theory, InlineData(59, false), InlineData(60, true), InlineData(7 * 86_400, true), InlineData((7 * 86_400) + 1, false)]
    public void A_rule_blocks_from_a_minute_up_to_the_cap(int seconds, bool right) =>
        Assert.Equal(right, Faults(Block(new() { Reputation = -3 }) with { For = TimeSpan.FromSeconds(seconds) }).Count == 0);

    [Fact]
    public void Only_blocks_have_a_duration_and_a_scope() => Assert.Equal(
        ["rules[0].for", "rules[0].scope"],
        Faults(new PolicyRule { Name = "a", Then = DecisionAction.Challenge, For = TimeSpan.FromHours(1), Scope = BlockScope.Ip }).Select(fault => fault.Path));

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var policy = new PolicyDefinition
        {
            SharedAddressSubjects = 1,
            Blocks = new() { Factor = 0.5, Jitter = 0.6, Duration = TimeSpan.FromDays(8) },
            Rules =
            [
                new PolicyRule { Name = "Bad Name", Then = DecisionAction.Allow, Priority = 1001 },
                new PolicyRule { Name = "a", Then = DecisionAction.Allow, When = new() { Score = 101, Reputation = -6, Kind = [EventKind.Logout] } },
                new PolicyRule { Name = "a", Then = DecisionAction.Allow, When = new() { Signals = [new(SignalCode.FeedHit, double.NaN)] } },
            ],
        };
        Assert.Equal(
            ["shared_address_subjects", "blocks.duration", "blocks.factor", "blocks.jitter", "rules[0].name", "rules[0].priority", "rules[1].when.score",
             "rules[1].when.reputation", "rules[1].when.kind[0]", "rules[2].name", "rules[2].when.signals[0].at_least"],
            PolicyCheck.Validate(policy).Select(fault => fault.Path));
    }

    [Fact]
    public void An_unknown_feed_is_told_with_the_nearest_name()
    {
        var policy = new PolicyDefinition { Rules = [Block(new() { Feed = ["ipsun"] })] };
        Assert.Contains("did you mean ipsum?", Assert.Single(PolicyCheck.Validate(policy, ["ipsum", "tor"])).Message);
        Assert.Empty(PolicyCheck.Validate(policy));
    }

    [Fact]
    public void The_built_in_policy_is_without_faults_and_monitors()
    {
        Assert.Empty(PolicyCheck.Validate(DefaultPolicy.Definition, []));
        Assert.Equal(PolicyMode.Monitor, DefaultPolicy.Definition.Mode);
    }

    private static IReadOnlyList<PolicyFault> Faults(PolicyRule rule) => PolicyCheck.Validate(new PolicyDefinition { Rules = [rule] });

    private static PolicyRule Block(RuleConditions when) => new() { Name = "a", When = when, Then = DecisionAction.Block };
}
