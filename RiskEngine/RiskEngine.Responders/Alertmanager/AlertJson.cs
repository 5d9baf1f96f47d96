using System.Buffers;
using System.Globalization;
using System.Text.Json;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Responders.Alertmanager;

/// <summary>Writes alerts as Alertmanager's interface takes them (API v2, <c>postableAlerts</c>).</summary>
internal static class AlertJson
{
    /// <summary>The label <c>alertname</c> of every incident.</summary>
    public const string Name = "RiskEngineIncident";

    /// <param name="publicUrl">Below which incidents are linked to; null for no link.</param>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Alert> alerts, Uri? publicUrl)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var alert in alerts) Write(json, alert, publicUrl);
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, Alert alert, Uri? publicUrl)
    {
        var incident = alert.Incident;
        var link = publicUrl is null ? null : $"{publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1/incidents/{incident.Id}";
        json.WriteStartObject();
        json.WriteStartObject("labels");
        json.WriteString("alertname", Name);
        json.WriteString("incident", incident.Id);
        json.WriteString("severity", LabelOf(incident.Severity));
        json.WriteString("job", "riskengine");
        json.WriteEndObject();
        json.WriteStartObject("annotations");
        json.WriteString("summary", incident.Title);
        json.WriteString("description", incident.Summary);
        json.WriteString("kind", incident.Kind);
        json.WriteString("incident_severity", incident.Severity.Name());
        if (incident.NextSteps.Count > 0) json.WriteString("next_steps", string.Join('\n', incident.NextSteps));
        json.WriteString("command", $"riskengine incidents show {incident.Id}");
        if (link is not null) json.WriteString("link", link);
        json.WriteEndObject();
        json.WriteString("startsAt", Time(alert.StartsAt));
        json.WriteString("endsAt", Time(alert.EndsAt));
        if (link is not null) json.WriteString("generatorURL", link);
        json.WriteEndObject();
    }

    /// <summary>The same three words as the alerting rules, so that one route serves both.</summary>
    private static string LabelOf(IncidentSeverity severity) => severity switch
    {
        IncidentSeverity.Critical => "critical",
        IncidentSeverity.High => "warning",
        _ => "info",
    };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
