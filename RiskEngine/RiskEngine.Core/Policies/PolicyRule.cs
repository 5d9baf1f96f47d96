using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>One rule: when its conditions hold, this is to be done. Immutable.</summary>
public sealed record PolicyRule
{
    /// <summary>Gets its name, shown in assessments and as owner of its blocks.</summary>
    /// <value>1 to 64 lower-case letters, digits and hyphens; unique within a policy.</value>
    public required string Name { get; init; }

    /// <summary>Gets what must hold, all of it; without any condition the rule always holds.</summary>
    public RuleConditions When { get; init; } = RuleConditions.None;

    /// <summary>Gets what is to be done.</summary>
    public required DecisionAction Then { get; init; }

    /// <summary>Gets how long its first block of a thing lasts; null for the policy's default. Only for blocks.</summary>
    /// <value>More than zero, at most the policy's cap.</value>
    public TimeSpan? For { get; init; }

    /// <summary>Gets what is blocked: ip, range, subject, session or pair; null means ip. Only for blocks.</summary>
    public BlockScope? Scope { get; init; }

    /// <summary>Gets the mode of this rule. It can hold a rule back in an enforcing policy, never enforce one in a policy that monitors.</summary>
    public PolicyMode? Mode { get; init; }

    /// <summary>Gets when the rule ends, by event time; null for never. A rule that lets somebody by name pass needs an end.</summary>
    public EventTime? Until { get; init; }

    /// <summary>Gets whether people are told beside what is done.</summary>
    public bool Notify { get; init; }

    /// <summary>Gets its rank: higher ones are asked first, equal ones in the order they are written.</summary>
    /// <value>−1000 to 1000. The default is 0.</value>
    public int Priority { get; init; }

    /// <summary>Gets what its blocks are of.</summary>
    internal BlockScope BlockedScope => Scope ?? BlockScope.Ip;

    /// <summary>Gets whether it blocks an address, alone or with others or with a name: what an allow entry lifts.</summary>
    internal bool BlocksAddress => Then == DecisionAction.Block && BlockedScope is not (BlockScope.Subject or BlockScope.Session);
}
