using System.Globalization;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Scoring;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/assessments</c>: what was judged, and why.</summary>
internal sealed class AssessmentEndpoints(ServerParts parts)
{
    private const int DefaultLimit = 100, MaximumLimit = 1000;

    private readonly SubjectReader _subjects = new(parts);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assessments", ListAsync).Needs(KeyScopes.DecisionsRead)
            .WithName("assessments-list").WithTags("assessments").WithSummary("Lists assessments, newest first.")
            .WithDescription("subject is an id, or the name of a subject without id; level is the lowest to list; since is an ISO 8601 time; reviewed=false leaves out those that somebody has labelled, reviewed=true all others, and each then has its label. A search looks at 20,000 events at a time: a page may be short or empty, and as long as it has a next there is more to search.")
            .Produces<AssessmentList>().Problem(400);
        routes.MapGet("/assessments/{event_id}", ExplainAsync).Needs(KeyScopes.DecisionsRead)
            .WithName("assessments-find").WithTags("assessments").WithSummary("Tells one assessment; with explain=true also what each signal did and whom it met.")
            .Produces<ExplainedAssessment>().Problem(400, 404);
    }

    private async Task<IResult> ListAsync(
        HttpContext context, string? subject, string? ip, string? level, string? since, string? cursor, string? tenant, int? limit, bool? reviewed)
    {
        IpAddress address = default;
        RiskLevel minimum = default;
        DateTimeOffset from = default;
        if (ip is not null && (!IpAddress.TryParse(ip, out address) || address.IsUnknown)) return Problems.BadRequest("ip: expected an IP address.");
        if (level is not null && !VerdictNames.TryParse(level, out minimum)) return Problems.BadRequest("level: expected none, low, medium or high.");
        if (since is not null && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from)) return Problems.BadRequest("since: expected an ISO 8601 time.");
        if (limit is < 1 or > MaximumLimit) return Problems.BadRequest($"limit: expected 1 to {MaximumLimit}.");
        var query = new AssessmentQuery
        {
            Address = ip is null ? null : address,
            MinimumLevel = level is null ? null : minimum,
            Since = since is null ? null : EventTime.From(from),
            Cursor = cursor,
            Limit = limit ?? DefaultLimit,
        };
        var page = await FindAsync(query, tenant ?? "default", subject, context.RequestAborted);
        if (page is null) return Problems.BadRequest("cursor: expected the next of the page before.");
        if (reviewed is not { } wanted) return new WrittenJson(json => Write(json, page, null));
        var labels = await LabelsAsync(page.Items, context.RequestAborted);
        page = page with { Items = [.. page.Items.Where(item => labels.ContainsKey((item.Tenant, item.EventId)) == wanted)] };
        return new WrittenJson(json => Write(json, page, labels));
    }

    /// <summary>What people said of those events, last.</summary>
    private async Task<Dictionary<(string Tenant, string EventId), Feedback>> LabelsAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        Dictionary<(string Tenant, string EventId), Feedback> labels = [];
        foreach (var tenant in events.GroupBy(stored => stored.Tenant))
        {
            foreach (var (id, said) in await parts.Records.FindFeedbackAsync(tenant.Key, [.. tenant.Select(stored => stored.EventId)], cancellationToken)) labels[(tenant.Key, id)] = said;
        }

        return labels;
    }

    private async Task<AssessmentPage?> FindAsync(AssessmentQuery query, string tenant, string? subject, CancellationToken cancellationToken)
    {
        try
        {
            if (subject is null) return await parts.Records.FindAssessmentsAsync(query, cancellationToken);
            // An assessment names a subject by its id or, where there is none, by its name: the text does not tell which, the profile does.
            var (byId, byName) = SubjectReader.Keys(parts.State.Hash, tenant, subject);
            var page = await parts.Records.FindAssessmentsAsync(query with { Subject = byId }, cancellationToken);
            return page.Items.Count > 0 || page.Next is not null ? page : await parts.Records.FindAssessmentsAsync(query with { Subject = byName }, cancellationToken);
        }
        catch (FormatException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task<IResult> ExplainAsync(HttpContext context, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "event_id")] string eventId, bool? explain, string? tenant)
    {
        var stored = await parts.Records.FindEventAsync(tenant ?? "default", eventId, context.RequestAborted);
        if (stored is null) return Problems.NotFound("There is no event with that id.");
        if (stored.Assessment is not { } assessment) return Problems.NotFound("There is such an event, but events of its kind are not judged.");
        if (explain != true) return new WrittenJson(json => AssessmentJson.Write(json, stored));

        var scorer = parts.Engine.Current.Snapshot.Scorer;
        SignalRecord[] signals = [.. assessment.Signals.Select(signal => new SignalRecord(signal.Code, signal.Contribution, signal.Evidence, signal.A, signal.B, signal.C, default))];
        var answers = Counterfactuals.Of(scorer, signals);
        var profile = await _subjects.ReadAsync(stored.Tenant, stored.SubjectId, stored.SubjectName, stored.OccurredAt, context.RequestAborted);
        var labels = await LabelsAsync([stored], context.RequestAborted);
        return new WrittenJson(json => AssessmentJson.Write(json, stored, more => WriteExplanation(more, answers, profile, labels.GetValueOrDefault((stored.Tenant, stored.EventId)))));
    }

    private static void Write(Utf8JsonWriter json, AssessmentPage page, Dictionary<(string Tenant, string EventId), Feedback>? labels)
    {
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var stored in page.Items)
        {
            if (stored.Assessment is null) continue;
            if (labels is null) AssessmentJson.Write(json, stored);
            else AssessmentJson.Write(json, stored, more => WriteLabel(more, labels.GetValueOrDefault((stored.Tenant, stored.EventId))));
        }

        json.WriteEndArray();
        json.WriteString("next", page.Next);
        json.WriteEndObject();
    }

    private static void WriteLabel(Utf8JsonWriter json, Feedback? said)
    {
        if (said is null)
        {
            json.WriteNull("label");
            return;
        }

        json.WriteStartObject("label");
        json.WriteString("label", said.Label.Name());
        json.WriteString("who", said.Who);
        json.WriteString("at", said.At.ToDateTimeOffset());
        json.WriteString("note", said.Note);
        json.WriteEndObject();
    }

    private static void WriteExplanation(Utf8JsonWriter json, IReadOnlyList<Counterfactual> answers, SubjectAnswer? profile, Feedback? said)
    {
        WriteLabel(json, said);
        json.WriteStartArray("counterfactuals");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("without", answer.Without.Describe().Name);
            json.WriteNumber("risk_score", Math.Round(answer.Score.Value, 4));
            json.WriteString("risk_level", answer.Level.Name());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("profile");
        if (profile is null) json.WriteNullValue();
        else JsonSerializer.Serialize(json, profile, ApiJson.Default.SubjectAnswer);
    }
}
