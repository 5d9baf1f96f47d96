using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/incidents</c>: related assessments put together, and one of them told whole.</summary>
internal sealed class IncidentEndpoints(ServerParts parts)
{
    private const int DefaultLimit = 50, MaximumLimit = 200;

    private const string Markdown = "text/markdown";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/incidents", List).Needs(KeyScopes.DecisionsRead)
            .WithName("incidents-list").WithTags("incidents").WithSummary("Lists incidents, the one that happened last first.")
            .WithDescription("state is open or closed; since is an ISO 8601 time, and leaves out what was over before it. names=true names subjects in clear; without, they are pseudonyms unless log.pseudonymise is off. 503 while the incidents of before the start are read.")
            .Produces<IncidentPage>().Problem(400);
        routes.MapGet("/incidents/{id}", Tell).Needs(KeyScopes.DecisionsRead)
            .WithName("incidents-find").WithTags("incidents").WithSummary("Tells one incident: what happened, to whom, from where, what was decided, and what to do.")
            .WithDescription("As JSON, or as Markdown with format=markdown or Accept: text/markdown. The id of an incident that became a part of another one leads to that.")
            .Produces<IncidentReport>(StatusCodes.Status200OK, MediaType.Json).WithMetadata(new AnswerContract(StatusCodes.Status200OK, Markdown, typeof(string))).Problem(400, 404);
    }

    private IResult List(HttpContext context, string? state, string? since, string? cursor, int? limit, bool? names)
    {
        if (Busy(context) is { } busy) return busy;
        DateTimeOffset from = default;
        (long LastSeen, long Number) after = (long.MaxValue, long.MaxValue);
        if (state is not (null or "open" or "closed")) return Problems.BadRequest("state: expected open or closed.");
        if (since is not null && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from)) return Problems.BadRequest("since: expected an ISO 8601 time.");
        if (limit is < 1 or > MaximumLimit) return Problems.BadRequest($"limit: expected 1 to {MaximumLimit}.");
        if (cursor is not null && !TryRead(cursor, out after)) return Problems.BadRequest("cursor: expected the next of the page before.");
        var now = Audit.Now(parts);
        var naming = parts.Telemetry.Personal.Naming(names == true);
        var most = limit ?? DefaultLimit;
        return TypedResults.Ok(parts.Telemetry.Incidents.Read(book =>
        {
            Incident[] found =
            [
                .. book.InOrder()
                    .Where(incident => (state is null || book.IsOpen(incident, now) == (state == "open")) && incident.LastSeen >= EventTime.From(from))
                    .Where(incident => (incident.LastSeen.UnixMilliseconds, incident.Number).CompareTo(after) < 0)
                    .Take(most + 1),
            ];
            var items = found.Take(most).Select(incident => IncidentReporter.Head(incident, book.IsOpen(incident, now), naming)).ToList();
            return new IncidentPage(items, found.Length > most ? $"{found[most - 1].LastSeen.UnixMilliseconds}-{found[most - 1].Number}" : null);
        }));
    }

    private IResult Tell(HttpContext context, string id, string? format, bool? names)
    {
        if (Busy(context) is { } busy) return busy;
        if (format is not (null or "json" or "markdown")) return Problems.BadRequest("format: expected json or markdown.");
        var now = Audit.Now(parts);
        var naming = parts.Telemetry.Personal.Naming(names == true);
        var report = parts.Telemetry.Incidents.Read(book => book.Find(id) is { } incident ? IncidentReporter.Report(incident, book.IsOpen(incident, now), naming) : null);
        if (report is null) return Problems.NotFound("There is no incident with that id, or it was forgotten.");
        var asked = context.Request.Headers.Accept.ToString().Contains(Markdown, StringComparison.OrdinalIgnoreCase);
        context.Response.Headers.Vary = "Accept, Authorization";
        return format == "markdown" || (format is null && asked)
            ? TypedResults.Text(IncidentMarkdown.Write(report), $"{Markdown}; charset=utf-8")
            : TypedResults.Ok(report);
    }

    private IResult? Busy(HttpContext context)
    {
        if (parts.Telemetry.Incidents.IsReady) return null;
        context.Response.Headers.RetryAfter = "2";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "Incidents of before the start are being read from the store. Ask again in a moment.");
    }

    private static bool TryRead(string cursor, out (long LastSeen, long Number) place)
    {
        place = default;
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out place.LastSeen)
            && long.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out place.Number);
    }
}
