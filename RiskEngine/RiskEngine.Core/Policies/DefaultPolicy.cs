using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>The policy that holds where none is configured. Its text for people, <c>default-policy.yaml</c>, says the same; a test compares them.</summary>
public static class DefaultPolicy
{
    public static PolicyDefinition Definition { get; } = new()
    {
        Rules =
        [
            new PolicyRule
            {
                Name = "block-attacking-address",
                When = new RuleConditions
                {
                    Level = RiskLevel.Medium,
                    Signals = [new(SignalCode.PasswordSpray, 2), new(SignalCode.BruteForce, 2.5), new(SignalCode.CredentialStuffing, 2)],
                },
                Then = DecisionAction.Block,
                Scope = BlockScope.Ip,
                For = TimeSpan.FromHours(4),
            },
            new PolicyRule
            {
                Name = "block-known-bad-address",
                When = new RuleConditions { Level = RiskLevel.High, Signals = [new(SignalCode.FeedHit)], Reputation = -3 },
                Then = DecisionAction.Block,
                Scope = BlockScope.Ip,
                For = TimeSpan.FromHours(4),
            },
            new PolicyRule
            {
                Name = "block-honey-visitor",
                When = new RuleConditions { Signals = [new(SignalCode.HoneyAccount)] },
                Then = DecisionAction.Block,
                Scope = BlockScope.Ip,
                For = TimeSpan.FromHours(24),
            },
            new PolicyRule { Name = "challenge-high-risk", When = new RuleConditions { Level = RiskLevel.High }, Then = DecisionAction.Challenge },
            new PolicyRule { Name = "notify-unusual", When = new RuleConditions { Level = RiskLevel.Low }, Then = DecisionAction.Notify },
        ],
    };
}
