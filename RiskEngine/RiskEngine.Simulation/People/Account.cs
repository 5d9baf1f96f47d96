using RiskEngine.Core.Events;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>An account of the simulated identity provider.</summary>
internal sealed record Account
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string[] Groups { get; init; } = [];

    public bool IsService { get; init; }

    /// <summary>The second factor, null where none is asked for. "webauthn" cannot be phished, "push" can be approved by mistake.</summary>
    public string? Factor { get; init; }

    /// <summary>Before this the name is unknown to the provider.</summary>
    public EventTime CreatedAt { get; init; }

    /// <summary>Where its owner lives, null for machines.</summary>
    public City? Home { get; init; }

    /// <summary>Why nobody has used it for months, null for accounts in use.</summary>
    public Absence? Absence { get; init; }

    public bool IsAdministrator => Groups.Contains("admins");

    /// <summary>Whether the provider refuses it whatever the password.</summary>
    public bool IsClosedAt(EventTime time) => Absence is { IsClosed: true } absence && absence.IsAway(time);
}
