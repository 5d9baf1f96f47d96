using System.Buffers;
using System.Text.Json;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Webhook;

/// <summary>Writes what a webhook sends: one JSON object with <c>type</c>, <c>id</c>, and what docs/responders.md says of each type.</summary>
/// <remarks>Pure; safe for concurrent use.</remarks>
internal sealed class WebhookBody(IncidentNaming naming, bool names)
{
    /// <param name="report">Where the person can report it; null for nowhere.</param>
    public byte[] Decision(string id, Effects effects, int index, Uri? report) => Write("decision", id, effects.Batch[index].OccurredAt, writer =>
    {
        ref readonly var e = ref effects.Batch[index];
        ref readonly var assessment = ref effects[index];
        writer.WriteString("event_id", effects.Batch.Text(e.Id));
        writer.WriteString("kind", e.Kind.Name());
        writer.WriteString("tenant", e.Tenant.IsEmpty ? "default"u8 : effects.Batch.Text(e.Tenant));
        writer.WriteString("subject", naming.Subject(effects.Batch.String(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId)));
        if (e.SourceIp.IsUnknown) writer.WriteNull("source_ip");
        else writer.WriteString("source_ip", Address(e.SourceIp.ToString()));
        writer.WriteString("application", effects.Batch.Text(e.Application));
        writer.WriteNumber("risk_score", Math.Round(assessment.Score, 4));
        writer.WriteString("risk_level", assessment.Level.Name());
        writer.WriteString("decision", assessment.Action.Name());
        writer.WriteBoolean("enforced", assessment.Enforced);
        writer.WriteString("rule", RuleOf(effects, index));
        writer.WriteString("valve", assessment.Valve);
        writer.WriteStartArray("signals");
        Span<byte> text = stackalloc byte[SignalReasons.MaximumLength];
        foreach (ref readonly var signal in effects.Signals(assessment))
        {
            writer.WriteStartObject();
            writer.WriteString("code", signal.Code.Describe().Name);
            writer.WriteNumber("contribution", Math.Round(signal.Contribution, 4));
            writer.WriteString("reason", text[..SignalReasons.Format(signal, effects.Batch.Text(signal.Detail), text)]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("policy_version", effects.PolicyVersion);
        if (report is not null) writer.WriteString("report_url", report.AbsoluteUri);
    });

    public byte[] Block(string type, string id, Block block, EventTime at) => Write(type, id, at, writer =>
    {
        if (block.Id != 0) writer.WriteNumber("block_id", block.Id);
        writer.WriteString("tenant", block.Tenant);
        writer.WriteString("scope", block.Scope.Name());
        writer.WriteString("value", ValueOf(block));
        writer.WriteString("origin", block.Origin.Name());
        writer.WriteBoolean("enforced", block.Enforced);
        writer.WriteString("created_at", block.CreatedAt.ToString());
        writer.WriteString("until", block.Until?.ToString());
        writer.WriteString("event_id", block.EventId.Length > 0 ? block.EventId : null);
        // What a person wrote may name somebody; what a rule wrote does not.
        writer.WriteString("reason", names || block.Origin == BlockOrigin.Policy ? block.Reason : null);
    });

    public byte[] Feedback(string id, StoredEvent stored, Feedback feedback) => Write("feedback", id, feedback.At, writer =>
    {
        writer.WriteString("event_id", stored.EventId);
        writer.WriteString("tenant", stored.Tenant);
        writer.WriteString("subject", naming.Subject(stored.Subject));
        if (stored.SourceIp.IsUnknown) writer.WriteNull("source_ip");
        else writer.WriteString("source_ip", Address(stored.SourceIp.ToString()));
        writer.WriteString("label", feedback.Label.Name());
        writer.WriteString("note", names ? feedback.Note : null);
    });

    public byte[] Incident(string id, IncidentNotice notice, EventTime now, Uri? publicUrl) => Write("incident", id, now, writer =>
    {
        var incident = notice.Incident;
        writer.WriteString("incident_id", incident.Id);
        writer.WriteString("change", notice.Change.ToString().ToLowerInvariant());
        writer.WriteString("severity", incident.Severity.Name());
        writer.WriteString("kind", incident.Kind);
        writer.WriteString("title", incident.Title);
        writer.WriteString("summary", incident.Summary);
        writer.WriteStartArray("next_steps");
        foreach (var step in incident.NextSteps) writer.WriteStringValue(step);
        writer.WriteEndArray();
        writer.WriteNumber("subjects_hit", incident.Hits);
        writer.WriteString("first_seen", EventTime.From(incident.FirstSeen).ToString());
        writer.WriteString("last_seen", EventTime.From(incident.LastSeen).ToString());
        writer.WriteString("url", publicUrl is null ? null : $"{publicUrl.AbsoluteUri.TrimEnd('/')}/api/v1/incidents/{incident.Id}");
    });

    /// <summary>What decided, by the name of the rule.</summary>
    internal static string? RuleOf(Effects effects, int index) => effects[index].Rule switch
    {
        AssessmentRecord.NoRule => null,
        AssessmentRecord.StandingBlock => StoredAssessment.StandingBlockRule,
        AssessmentRecord.AllowList => StoredAssessment.AllowListRule,
        var rule => effects.RuleNames[rule],
    };

    private static byte[] Write(string type, string id, EventTime at, Action<Utf8JsonWriter> more)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("id", id);
            writer.WriteString("occurred_at", at.ToString());
            more(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private string ValueOf(Block block)
    {
        if (SubjectHandle.NameIn(block) is not { } name) return block.Scope == BlockScope.Ip ? Address(block.Value) : block.Scope == BlockScope.Range && naming.Address is not null ? "" : block.Value;
        return block.Scope == BlockScope.Pair ? $"{naming.Subject(name)}@{Address(block.Value[(name.Length + 1)..])}" : naming.Subject(name);
    }

    private string Address(string address) => naming.Address is { } hide ? hide(address) : address;
}
