using RiskEngine.Core.Incidents;

namespace RiskEngine.Responders.Webhook;

/// <summary>What is new of an incident.</summary>
public enum IncidentChange : byte
{
    Opened,

    /// <summary>It became more severe, hit more accounts, or went on after it had been resolved.</summary>
    Updated,

    Resolved,
}

/// <summary>An incident as a webhook is told of it; nobody is named but by pseudonyms.</summary>
/// <param name="Hits">Accounts that somebody else got into, as far as can be told.</param>
/// <param name="IsClosed">Whether nothing can be added to it any more.</param>
public sealed record ToldIncident(
    string Id, IncidentSeverity Severity, string Kind, string Title, string Summary, IReadOnlyList<string> NextSteps, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Hits, bool IsClosed);

public sealed record IncidentNotice(IncidentChange Change, ToldIncident Incident);
