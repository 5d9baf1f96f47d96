using RiskEngine.Core.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Events;

/// <summary>One event before it is written: what happened, to whom, whence, with what.</summary>
/// <remarks>The id is two draws of its owner's generator, so that honest lines are the same bytes whatever attacks run beside them.</remarks>
internal sealed record EventDraft
{
    public required EventTime OccurredAt { get; init; }

    public required EventKind Kind { get; init; }

    public required UInt128 Id { get; init; }

    /// <summary>The account, or null where the name belongs to none.</summary>
    public Account? Account { get; init; }

    /// <summary>The name as typed where <see cref="Account"/> is null.</summary>
    public string? UnknownName { get; init; }

    public AccessPoint? From { get; init; }

    public string? UserAgent { get; init; }

    public string? DeviceId { get; init; }

    public UInt128 Session { get; init; }

    public string? Application { get; init; }

    public string? AuthMethod { get; init; }

    public string? Mfa { get; init; }

    public string? Reason { get; init; }

    /// <summary>Milliseconds; 0 where not measured.</summary>
    public int RoundTrip { get; init; }

    public AttackLabel? Label { get; init; }
}
