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
/// <remarks>
/// The word is noted first and then carried out: <c>safe</c> teaches the login and ends the blocks it caused, <c>compromised</c> takes it out of the
/// profile and puts the account at high risk, <c>dismissed</c> takes a word back and otherwise only says that
/// somebody has looked. The last word counts; blocks that <c>safe</c> ended do not come back.
/// </remarks>
internal sealed class FeedbackEndpoint(ServerParts parts, FeedbackRecorder recorder)
{
    private const int LongestNote = 2000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/feedback", (Delegate)AddAsync).Needs(KeyScopes.Admin)
        .WithName("feedback").WithTags("assessments").WithSummary("Says what an event really was: safe teaches it and ends its blocks, compromised un-teaches it and puts the account at risk, dismissed takes either back.")
        .WithMetadata(new BodyContract(typeof(FeedbackRequest), MediaType.Json)).Problem(400, 404, 413, 415, 422, 503);

    private async Task<Results<NoContent, ProblemHttpResult>> AddAsync(HttpContext context)
    {
        var (request, unread) = await JsonBody.ReadAsync(context, ApiJson.Default.FeedbackRequest);
        if (request is null) return unread!;
        if (!VerdictNames.TryParse(request.Label, out FeedbackLabel label)) return Problems.Unprocessable("label: expected safe, compromised or dismissed.");
        if (request.Note is { Length: > LongestNote }) return Problems.Unprocessable($"note: expected at most {LongestNote} characters.");

        var tenant = request.Tenant ?? "default";
        if (await parts.Records.FindEventAsync(tenant, request.EventId, context.RequestAborted) is not { } stored) return Problems.NotFound("There is no event with that id.");
        var feedback = new Feedback(tenant, request.EventId, label, request.Note ?? "", Caller.Of(context).Name, Audit.Now(parts));
        var isNoted = await recorder.SayAsync(stored, feedback, Audit.WhoIs(context, feedback.Who), once: false, context.RequestAborted);
        return isNoted ? TypedResults.NoContent() : Problems.NotFound("There is no event with that id.");
    }
}
