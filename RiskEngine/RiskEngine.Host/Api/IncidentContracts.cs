using RiskEngine.Core.Incidents;

namespace RiskEngine.Host.Api;

/// <summary>Incidents, the one that happened last first.</summary>
/// <param name="Next">Cursor of the next page; null for none.</param>
internal sealed record IncidentPage(IReadOnlyList<IncidentHead> Items, string? Next);
