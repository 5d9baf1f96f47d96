using System.Text.Json;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Host.Exporting;

/// <summary>Writes a stored event as OCSF Authentication (3002), and its assessment as a Detection Finding (2004).</summary>
/// <param name="naming">How subjects and addresses are named.</param>
/// <param name="showsNames">Whether names of subjects are written beside their ids.</param>
/// <param name="version">Version of this build.</param>
internal sealed class OcsfEvent(IncidentNaming naming, bool showsNames, string version)
{
    public void WriteAuthentication(Utf8JsonWriter json, StoredLogin login)
    {
        var batch = login.Batch;
        ref readonly var e = ref login.Event;
        var activity = OcsfNames.ActivityOf(e.Kind, batch.String(e.KindText));
        var status = OcsfNames.StatusOf(e.Kind);
        json.WriteStartObject();
        OcsfNames.WriteClass(
            json, OcsfNames.IdentityAndAccess, "Identity & Access Management", OcsfNames.Authentication, "Authentication", activity, severity: 0, e.OccurredAt.UnixMilliseconds);
        json.WriteNumber("status_id", status.Id);
        json.WriteString("status", status.Name);
        if (IsUnknown(login)) json.WriteString("status_detail", "USER_DOES_NOT_EXIST");
        OcsfNames.WriteMetadata(json, batch.String(e.Id), batch.Text(e.Tenant), version);
        WriteUser(json, login);
        WriteSource(json, login);
        json.WriteStartObject("service");
        if (e.Application.IsEmpty) json.WriteString("name", "unknown");
        else json.WriteString("name", batch.Text(e.Application));
        json.WriteEndObject();
        if (!e.SourceIp.IsUnknown) json.WriteBoolean("is_remote", true);
        if (!e.UserAgent.IsEmpty)
        {
            json.WriteStartObject("http_request");
            json.WriteString("user_agent", batch.Text(e.UserAgent));
            json.WriteEndObject();
        }

        json.WriteStartObject("unmapped");
        json.WriteString("kind", e.Kind.Name());
        if (!e.AuthMethod.IsEmpty) json.WriteString("auth_method", batch.Text(e.AuthMethod));
        if (!e.RequestId.IsEmpty) json.WriteString("request_id", batch.Text(e.RequestId));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <param name="login">An event that was judged.</param>
    public void WriteFinding(Utf8JsonWriter json, StoredLogin login)
    {
        var batch = login.Batch;
        ref readonly var e = ref login.Event;
        var id = batch.String(e.Id);
        json.WriteStartObject();
        OcsfNames.WriteClass(
            json, OcsfNames.Findings, "Findings", OcsfNames.DetectionFinding, "Detection Finding", (OcsfNames.Create, "Create"), (int)login.Level, e.OccurredAt.UnixMilliseconds);
        json.WriteNumber("status_id", 1);
        json.WriteString("status", "New");
        json.WriteBoolean("is_alert", login.Action >= DecisionAction.Challenge);
        OcsfNames.WriteRisk(json, login.Score, (int)login.Level);
        OcsfNames.WriteMetadata(json, $"assessment-{id}", batch.Text(e.Tenant), version);
        json.WriteStartObject("finding_info");
        json.WriteString("uid", $"assessment-{id}");
        json.WriteString("title", $"{login.Action.Name()}: {e.Kind.Name()} at risk level {login.Level.Name()}");
        json.WriteNumber("created_time", e.OccurredAt.UnixMilliseconds);
        json.WriteStartArray("types");
        json.WriteStringValue("assessment");
        json.WriteEndArray();
        OcsfNames.WriteAttacks(json, Techniques(login));
        WriteRelated(json, id, OcsfNames.ActivityOf(e.Kind, "").Id);
        json.WriteEndObject();
        WriteEvidence(json, login);
        json.WriteStartObject("unmapped");
        json.WriteString("decision", login.Action.Name());
        json.WriteBoolean("enforced", login.Enforced);
        if (login.Rule.Length > 0) json.WriteString("rule", login.Rule);
        if (login.Valve.Length > 0) json.WriteString("valve", login.Valve);
        json.WriteString("policy_version", login.PolicyVersion);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRelated(Utf8JsonWriter json, string id, int activity)
    {
        json.WriteStartArray("related_events");
        json.WriteStartObject();
        json.WriteString("uid", id);
        json.WriteNumber("type_uid", (OcsfNames.Authentication * 100L) + activity);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteEvidence(Utf8JsonWriter json, StoredLogin login)
    {
        json.WriteStartArray("evidences");
        json.WriteStartObject();
        WriteSource(json, login);
        WriteUser(json, login);
        json.WriteStartObject("data");
        json.WriteStartArray("signals");
        foreach (ref readonly var signal in login.Signals)
        {
            json.WriteStartObject();
            json.WriteString("code", signal.Code.Describe().Name);
            json.WriteNumber("contribution", Math.Round(signal.Contribution, 4));
            json.WriteString("reason", SignalReasons.Text(signal, login.Batch.String(signal.Detail)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteUser(Utf8JsonWriter json, StoredLogin login)
    {
        ref readonly var e = ref login.Event;
        json.WriteStartObject("user");
        json.WriteString("uid", naming.Subject(login.Batch.String(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId)));
        if (showsNames && !e.SubjectName.IsEmpty) json.WriteString("name", login.Batch.Text(e.SubjectName));
        json.WriteEndObject();
    }

    private void WriteSource(Utf8JsonWriter json, StoredLogin login)
    {
        if (login.Event.SourceIp.IsUnknown) return;
        var address = login.Event.SourceIp.ToString();
        json.WriteStartObject("src_endpoint");
        OcsfNames.WriteAddress(json, naming.Address is { } pseudonym ? pseudonym(address) : address);
        if (login.Country.IsKnown)
        {
            json.WriteStartObject("location");
            json.WriteString("country", login.Country.ToString());
            json.WriteEndObject();
        }

        if (login.Asn != 0)
        {
            json.WriteStartObject("autonomous_system");
            json.WriteNumber("number", login.Asn);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Techniques of the evidence that speaks against the login.</summary>
    private static SortedSet<string> Techniques(StoredLogin login)
    {
        var techniques = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var signal in login.Signals)
        {
            if (signal.Contribution > 0 && signal.Code.Describe().Attack is { } technique) techniques.Add(technique);
        }

        return techniques;
    }

    /// <summary>Names that do not exist are kept as pseudonyms only.</summary>
    private static bool IsUnknown(StoredLogin login) => login.Event.SubjectId.IsEmpty && Pseudonyms.IsPseudonym(login.Batch.Text(login.Event.SubjectName))
        && OcsfNames.StatusOf(login.Event.Kind).Id == 2;
}
