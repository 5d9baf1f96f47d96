using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Authentik;

/// <summary>Which sessions of a person are ended.</summary>
public enum EndedSessions : byte
{
    None,

    /// <summary>Those last used from the address of the login.</summary>
    Login,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>What is done at authentik, each a switch of its own.</summary>
public sealed record AuthentikActs
{
    /// <summary>Gets whether a person at risk is put into <see cref="RiskGroup"/>, and taken out again.</summary>
    public bool Membership { get; init; } = true;

    /// <summary>Gets the name of the group; it has to be there.</summary>
    public string RiskGroup { get; init; } = "risk-high";

    public EndedSessions EndSessions { get; init; }

    /// <summary>Gets whether the account is deactivated. Nobody but a person activates it again.</summary>
    public bool Deactivate { get; init; }

    /// <summary>Gets whether authentik's own reputation of an address is deleted when a person releases it.</summary>
    public bool ForgetReputation { get; init; }

    /// <summary>Gets whether an event is written that authentik's own rules see.</summary>
    public bool SuspiciousRequest { get; init; }

    /// <summary>Gets the least enforced action upon a login that got in that makes a person one at risk.</summary>
    public DecisionAction MinimumAction { get; init; } = DecisionAction.Block;
}

/// <summary>Where authentik is, and how it is asked.</summary>
public sealed record AuthentikTarget
{
    public const string ResponderName = "authentik";

    /// <summary>Gets the address, without <c>/api/v3</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets the key of an API token, read anew for each request; null where it cannot be read.</summary>
    public required Func<string?> ReadToken { get; init; }

    /// <summary>Gets what says the name that stored events have for a subject's id; null where none does. May fail with a <see cref="StateStoreException"/>.</summary>
    public required Func<string, CancellationToken, ValueTask<string?>> NameOf { get; init; }

    public AuthentikActs Acts { get; init; } = new();
}
