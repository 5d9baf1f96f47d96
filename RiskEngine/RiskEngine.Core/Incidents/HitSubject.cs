using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>An account that somebody else got into, as far as can be told.</summary>
public sealed record HitSubject
{
    /// <summary>Gets the subject's id, or its name where there is no id.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets whose subject it is; empty for the default.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Gets what happened first.</summary>
    public required IncidentKind Kind { get; init; }

    public required EventTime At { get; init; }

    /// <summary>Gets the event that tells; its assessment says why.</summary>
    public required string EventId { get; init; }

    public required DecisionAction Action { get; init; }

    public bool Enforced { get; init; }

    public double Score { get; init; }

    /// <summary>Gets how many events there were inside the account.</summary>
    public long Events { get; internal set; } = 1;

    /// <summary>Gets whether factors, passwords or other people's accounts were touched from it.</summary>
    public bool Persists { get; internal set; }
}
