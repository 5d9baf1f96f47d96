using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>One judged event as the referee sees it: the truth from the label, the decision from the engine.</summary>
/// <remarks>Only the caller of the engine puts the two together, after the decision; the label never passes through the engine.</remarks>
public readonly record struct RefereeObservation
{
    /// <summary>Gets whose event it is: an attacker's, or nobody's but the account's owner's when null.</summary>
    public AttackLabel? Label { get; init; }

    /// <summary>Gets what happened; <see cref="EventKind.Login"/> is a successful login.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Gets a key of the account, or of the name where there is no account. Any number that differs between two of them.</summary>
    public required UInt128 Subject { get; init; }

    /// <summary>Gets the source address; unknown where none was given.</summary>
    public IpAddress SourceIp { get; init; }

    public required RefereeAction Action { get; init; }

    public RefereeLevel Level { get; init; }

    /// <summary>Gets whether the decision stood in the way: challenge or block.</summary>
    public bool IsStopped => Action >= RefereeAction.Challenge;
}
