using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Decisions;

/// <summary>What is done about a login, and why.</summary>
public readonly record struct Decision
{
    public required DecisionAction Action { get; init; }

    /// <summary>Gets whether it is meant; false in monitor mode and where a valve held it.</summary>
    public required bool Enforced { get; init; }

    /// <summary>Gets the rule by its index, or one of the special values of <see cref="AssessmentRecord"/>.</summary>
    public required short Rule { get; init; }

    /// <summary>Gets the name of the valve that held a block; null for none.</summary>
    public string? Valve { get; init; }

    /// <summary>Gets the standing block that decided, or the allow entry that lifted one; null for none.</summary>
    public Block? Matched { get; init; }

    /// <summary>Gets the block that is to stand from now on; null for none.</summary>
    public NewBlock? NewBlock { get; init; }

    /// <summary>Gets whether people are told beside.</summary>
    public bool Notify { get; init; }

    /// <summary>Gets how many established subjects an automated block newly hits: what <see cref="SafetyValve"/> counts.</summary>
    public int NewlyHit { get; init; }
}
