using System.Diagnostics;
using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Api;

/// <summary><c>POST /api/v1/evaluate</c>: what would be decided about a login, asked while it happens.</summary>
/// <remarks>Reads state, moves no counter that judges, teaches nothing; an enforced challenge is stored before the answer, to be joined with what becomes of it. The way of a request allocates next to nothing: it is the one that people wait for.</remarks>
internal sealed class EvaluateEndpoint(ServerParts parts, RequestLimits limits, WorkspacePool workspaces, ChallengeKeeper challenges)
{
    private long _question = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/evaluate", (Delegate)HandleAsync)
        .Needs(KeyScopes.Evaluate, RequestRate.Unlimited)
        .WithName("evaluate").WithTags("decisions").WithSummary("Asks for a decision about a login while it happens.")
        .WithDescription("The kind defaults to login_attempt and the time to now. Moves no counter, teaches nothing, is safe to repeat, and is never shed by per-key limits: overloaded, it answers from lists and active blocks.")
        .WithMetadata(new BodyContract(typeof(LoginEventBody), MediaType.Json))
        .Produces<AssessmentAnswer>()
        .Problem(400, 413, 415, 422, 503);

    private async Task HandleAsync(HttpContext context)
    {
        var started = parts.Clock.GetTimestamp();
        var outcome = EvaluateOutcome.Failed;
        using var span = parts.Telemetry.Spans.BeginRequest(context, "POST /api/v1/evaluate");
        var workspace = workspaces.Rent();
        try
        {
            outcome = await AnswerAsync(context, workspace);
        }
        finally
        {
            workspaces.Return(workspace);
            parts.Telemetry.Evaluate.Answered(outcome, parts.Clock.GetElapsedTime(started));
            span?.SetTag("riskengine.outcome", EvaluateMetrics.NameOf(outcome));
            if (outcome == EvaluateOutcome.Failed) span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private async ValueTask<EvaluateOutcome> AnswerAsync(HttpContext context, Workspace workspace)
    {
        if (MediaType.Of(context.Request.ContentType) != BodyKind.Json) return await RefuseAsync(context, Problems.UnsupportedMedia("The body must be application/json in UTF-8."));
        if (await workspace.Body.ReadAsync(context, limits.EvaluateBodyBytes) is { } unread) return await RefuseAsync(context, unread);

        var position = new SourcePosition(0, 0, Interlocked.Increment(ref _question));
        var parsed = workspace.Question.Parse(workspace.Body.Span, position, workspace.Batch);
        if (parsed.IsFaulty) return await RefuseAsync(context, Problems.Faulty([FaultyElements.Of(0, parsed.Defect)], 1));
        if (parsed.Added != 1) return await RefuseAsync(context, Problems.BadRequest("The body must be one event."));
        if (!workspace.Batch[0].Kind.IsJudged()) return await RefuseAsync(context, Problems.Unprocessable("Events of this kind are not judged."));

        var (degraded, isChallenge) = (DegradedFacts.None, false);
        await parts.Judge.EvaluateAsync(workspace.Batch, effects => (degraded, isChallenge) = Answer(effects, workspace), context.RequestAborted);
        if (isChallenge) await challenges.StoreAskedAsync();
        await WrittenJson.SendAsync(context, StatusCodes.Status200OK, workspace.Output.WrittenMemory);
        return (degraded & DegradedFacts.Overload) != DegradedFacts.None ? EvaluateOutcome.Overload
            : (degraded & DegradedFacts.Store) != DegradedFacts.None ? EvaluateOutcome.Degraded : EvaluateOutcome.Ok;
    }

    private (DegradedFacts Degraded, bool IsChallenge) Answer(Effects effects, Workspace workspace)
    {
        var isChallenge = parts.Telemetry.ChallengeLedger.Asked(effects);
        var json = workspace.BeginOutput();
        AssessmentJson.Write(json, effects, 0);
        json.Flush();
        if (Activity.Current is { IsAllDataRequested: true } span) span.SetTag("riskengine.decision", effects[0].Action.Name()).SetTag("riskengine.risk_level", effects[0].Level.Name());
        return (effects[0].Degraded, isChallenge);
    }

    private static async ValueTask<EvaluateOutcome> RefuseAsync(HttpContext context, IResult problem)
    {
        await problem.ExecuteAsync(context);
        return EvaluateOutcome.Invalid;
    }
}
