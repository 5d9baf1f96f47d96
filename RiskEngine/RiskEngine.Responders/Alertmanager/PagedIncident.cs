using RiskEngine.Core.Incidents;

namespace RiskEngine.Responders.Alertmanager;

/// <summary>What a pager is told of an incident that goes on; people and addresses are named as the configuration has it.</summary>
/// <param name="Title">One line: what, where from, how many, who was hit.</param>
/// <param name="Summary">What happened, in three sentences.</param>
/// <param name="NextSteps">What to do, most urgent first.</param>
public sealed record PagedIncident(
    string Id, IncidentSeverity Severity, string Kind, string Title, string Summary, IReadOnlyList<string> NextSteps, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
