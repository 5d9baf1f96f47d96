using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>What somebody says of an assessment.</summary>
internal sealed record FeedbackRequest
{
    public required string EventId { get; init; }

    [Description("safe, compromised or dismissed.")]
    public required string Label { get; init; }

    public string? Note { get; init; }

    public string? Tenant { get; init; }
}

/// <summary><c>POST /api/v1/feedback</c>: what a person says of an assessment.</summary>
internal sealed class FeedbackEndpoint(ServerParts parts)
{
    private const int LongestNote = 2000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/feedback", (Delegate)AddAsync).Needs(KeyScopes.Admin)
        .WithName("feedback").WithTags("assessments").WithSummary("Notes what a person says of an event: safe, compromised or dismissed.")
        .WithMetadata(new BodyContract(typeof(FeedbackRequest), MediaType.Json)).Problem(400, 404, 413, 415, 422);

    private async Task<Results<NoContent, ProblemHttpResult>> AddAsync(HttpContext context)
    {
        var (request, unread) = await JsonBody.ReadAsync(context, ApiJson.Default.FeedbackRequest);
        if (request is null) return unread!;
        if (!VerdictNames.TryParse(request.Label, out FeedbackLabel label)) return Problems.Unprocessable("label: expected safe, compromised or dismissed.");
        if (request.Note is { Length: > LongestNote }) return Problems.Unprocessable($"note: expected at most {LongestNote} characters.");

        var feedback = new Feedback(request.Tenant ?? "default", request.EventId, label, request.Note ?? "", Caller.Of(context).Name, Audit.Now(parts));
        var audit = Audit.Entry(context, parts, "feedback", request.EventId, label.Name());
        if (!await parts.Records.AddFeedbackAsync(feedback, audit, context.RequestAborted)) return Problems.NotFound("There is no event with that id.");
        parts.Telemetry.People.Said(label);
        return TypedResults.NoContent();
    }
}
