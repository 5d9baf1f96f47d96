using System.Text.Json;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Host.Exporting;

/// <summary>Writes an incident as an OCSF Detection Finding (2004): created while it goes on, closed when it is quiet.</summary>
internal static class OcsfIncident
{
    private const int ToldSources = 16;

    private static readonly string[] Severities = ["low", "medium", "high", "critical"];

    public static void Write(Utf8JsonWriter json, IncidentReport report, string version)
    {
        var severity = Array.IndexOf(Severities, report.Severity) + 1;
        var isOpen = report.State == "open";
        json.WriteStartObject();
        OcsfNames.WriteClass(
            json, OcsfNames.Findings, "Findings", OcsfNames.DetectionFinding, "Detection Finding", isOpen ? (OcsfNames.Create, "Create") : (OcsfNames.Close, "Close"), severity,
            report.LastSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("status_id", isOpen ? 1 : OcsfNames.Other);
        json.WriteString("status", isOpen ? "New" : "Quiet");
        json.WriteBoolean("is_alert", isOpen && severity >= 3);
        json.WriteNumber("start_time", report.FirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("end_time", report.LastSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("count", report.Events);
        OcsfNames.WriteRisk(json, report.HighestRiskScore, severity);
        OcsfNames.WriteMetadata(json, report.Id, default, version);
        WriteInfo(json, report);
        WriteEvidences(json, report);
        json.WriteStartObject("remediation");
        json.WriteString("desc", string.Join('\n', report.NextSteps));
        json.WriteEndObject();
        json.WriteStartObject("unmapped");
        json.WriteString("kind", report.Kind);
        json.WriteNumber("attempts", report.Attempts);
        json.WriteNumber("subjects_tried", report.SubjectsTried.Count);
        json.WriteNumber("subjects_hit", report.SubjectsHit.Count);
        json.WriteNumber("sources", report.Sources.Addresses.Count);
        json.WriteNumber("enforced", report.Enforced);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, IncidentReport report)
    {
        json.WriteStartObject("finding_info");
        json.WriteString("uid", report.Id);
        json.WriteString("title", report.Title);
        json.WriteString("desc", report.Summary);
        json.WriteNumber("created_time", report.FirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("first_seen_time", report.FirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("last_seen_time", report.LastSeen.ToUnixTimeMilliseconds());
        json.WriteStartArray("types");
        json.WriteStringValue("incident");
        json.WriteStringValue(report.Kind);
        json.WriteEndArray();
        OcsfNames.WriteAttacks(json, report.Attack);
        var told = report.SubjectsHit.Items.Where(hit => hit.EventId != Incident.Erased).ToArray();
        if (told.Length > 0)
        {
            json.WriteStartArray("related_events");
            foreach (var hit in told)
            {
                json.WriteStartObject();
                json.WriteString("uid", hit.EventId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteEvidences(Utf8JsonWriter json, IncidentReport report)
    {
        if (report.SubjectsHit.Items.Count + report.Sources.Addresses.Most.Count == 0) return;
        json.WriteStartArray("evidences");
        foreach (var hit in report.SubjectsHit.Items)
        {
            json.WriteStartObject();
            json.WriteStartObject("user");
            json.WriteString("uid", hit.Subject);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        foreach (var source in report.Sources.Addresses.Most.Take(ToldSources))
        {
            json.WriteStartObject();
            json.WriteStartObject("src_endpoint");
            OcsfNames.WriteAddress(json, source.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
