using RiskEngine.Core.Events;

namespace RiskEngine.Simulation.People;

/// <summary>An account of the simulated identity provider.</summary>
internal sealed record Account
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string[] Groups { get; init; } = [];

    public bool IsService { get; init; }

    /// <summary>The second factor, null where none is asked for. "webauthn" cannot be phished.</summary>
    public string? Factor { get; init; }

    /// <summary>Before this the name is unknown to the provider.</summary>
    public EventTime CreatedAt { get; init; }
}
