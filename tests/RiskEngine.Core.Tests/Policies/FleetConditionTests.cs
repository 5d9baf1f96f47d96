using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

/// <summary>What conditions may ask of the fleet: an attack makes nothing softer.</summary>
public sealed class FleetConditionTests
{
    private const AttackKinds Spray = AttackKinds.PasswordSpray | AttackKinds.FailureSurge;

    [Theory]
    [InlineData("fleet.under_attack", AttackKinds.None, false)]
    [InlineData("fleet.under_attack", Spray, true)]
    [InlineData("fleet.under_attack", AttackKinds.FailureSurge | AttackKinds.NewAddressSurge, false)]
    [InlineData("'password_spray' in fleet.attacks", Spray, true)]
    [InlineData("'failure_surge' in fleet.attacks", Spray, true)]
    [InlineData("'brute_force' in fleet.attacks", Spray, false)]
    [InlineData("has(fleet.attacks)", AttackKinds.None, false)]
    [InlineData("has(fleet.attacks)", Spray, true)]
    public void A_rule_asks_what_the_fleet_meets(string condition, AttackKinds attacks, bool holds)
    {
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Mode = PolicyMode.Enforce, Rules = [Rule(condition, DecisionAction.Challenge)] });
        var login = new LoginUnderTest { Fleetwide = attacks };
        Assert.Equal(holds ? DecisionAction.Challenge : DecisionAction.Allow, policy.Decide(login.Context, RiskLevel.None, 1, [], 0, false).Action);
    }

    [Theory]
    [InlineData("!fleet.under_attack && risk.level >= low"), InlineData("!(risk.level < low || fleet.under_attack)"), InlineData("fleet.under_attack == false"), InlineData("!('network_spray' in fleet.attacks)")]
    [InlineData("size(fleet.attacks) == 0"), InlineData("fleet.under_attack ? risk.level >= high : risk.level >= low"), InlineData("fleet.attacks.all(a, a == 'brute_force')"), InlineData("!has(fleet.attacks)")]
    public void No_rule_that_stops_people_may_cease_to_hold_under_attack(string condition)
    {
        foreach (var action in (DecisionAction[])[DecisionAction.Notify, DecisionAction.Challenge]) Assert.Equal("rules[0].when", Assert.Single(Faults(Rule(condition, action))).Path);
    }

    [Theory, InlineData("fleet.under_attack"), InlineData("'network_spray' in fleet.attacks || risk.level < low"), InlineData("!(!fleet.under_attack)")]
    public void No_rule_may_begin_to_allow_under_attack(string condition)
    {
        Assert.Equal("rules[0].when", Assert.Single(Faults(Rule(condition, DecisionAction.Allow))).Path);
        Assert.Empty(Faults(Rule(condition, DecisionAction.Challenge)));
    }

    [Fact]
    public void An_attack_is_no_ground_for_a_block() =>
        Assert.Contains(Faults(Rule("fleet.under_attack && risk.level >= high", DecisionAction.Block)), fault => fault.Path == "rules[0].then");

    [Fact]
    public void A_kind_that_does_not_exist_is_told() =>
        Assert.Contains("did you mean", Assert.Single(Faults(Rule("'password_sprai' in fleet.attacks", DecisionAction.Challenge))).Message, StringComparison.Ordinal);

    private static PolicyRule Rule(string condition, DecisionAction then) => new() { Name = "rule", When = new RuleConditions { Expression = condition }, Then = then };

    private static IReadOnlyList<PolicyFault> Faults(PolicyRule rule) => PolicyCheck.Validate(new PolicyDefinition { Rules = [rule] });
}
