using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Api;

/// <summary><c>POST /api/v1/events</c> and <c>…/events/authentik</c>: takes events and answers once they are durable.</summary>
/// <remarks>
/// At least once: an answer of 202 means that every accepted event is on the disk; any other that none was taken, save where the connection broke
/// before the answer. One object or an array is taken whole or not at all; of NDJSON the good lines are taken and the bad ones told. Without
/// <c>Idempotency-Key</c> an event without id is new each time it is sent: nothing is lost, and a repeat counts twice.
/// </remarks>
internal sealed class EventsEndpoint(ServerParts parts, RequestLimits limits, WorkspacePool workspaces)
{
    private const int KeptFaults = 10_000, KeptRejections = 100, LongestKey = 255;
    private const string Shapes = "One object or an array (all or nothing), or NDJSON (bad lines are told, good ones taken); gzip is understood. Answers once the events are durable. Send an Idempotency-Key with events that have no id.";
    private const ulong KeyTweak = 0x6964656d, BodyTweak = 0x626f6479;

    private readonly IdempotencyCache _answers = new(capacity: 10_000);
    private readonly UInt128 _start = RandomSeed();
    private long _requests;

    public void Map(IEndpointRouteBuilder routes)
    {
        Describe(
            routes.MapPost("/events", (Delegate)((HttpContext context) => HandleAsync(context, TelemetrySettings.HttpSource))), KeyScopes.EventsWrite,
            "events", "Takes login events.", Shapes,
            new BodyContract(typeof(LoginEventBody), MediaType.Json, MediaType.TextJson, MediaType.JsonLines) { ListType = typeof(LoginEventBody[]) });
        Describe(
            routes.MapPost("/events/authentik", (Delegate)((HttpContext context) => HandleAsync(context, TelemetrySettings.AuthentikWebhookSource))), KeyScopes.EventsWebhook,
            "events-authentik", "Takes events as authentik sends them.",
            $"{Shapes} While authentik is polled these are hints that the poll confirms, and an event without a pk of authentik's is refused. The scope events:write may do this too.",
            new BodyContract(typeof(AuthentikEventBody), MediaType.Json, MediaType.TextJson, MediaType.JsonLines) { ListType = typeof(AuthentikEventBody[]) });
    }

    private static void Describe(RouteHandlerBuilder route, KeyScopes scope, string name, string summary, string description, BodyContract body) => route
        .Needs(scope, RequestRate.Submissions)
        .WithName(name).WithTags("events").WithSummary(summary).WithDescription(description)
        .WithMetadata(body)
        .Produces<SubmissionAnswer>(StatusCodes.Status202Accepted)
        .Problem(400, 409, 413, 415, 422, 429, 500, 503);

    private async Task HandleAsync(HttpContext context, string source)
    {
        using var span = parts.Telemetry.Spans.BeginRequest(context, source == TelemetrySettings.HttpSource ? "POST /api/v1/events" : "POST /api/v1/events/authentik");
        var workspace = workspaces.Rent();
        var (isOurs, isAnswered) = (true, false);
        try
        {
            if (await AnswerAsync(context, workspace, source) is { } problem) await problem.ExecuteAsync(context);
            isAnswered = true;
        }
        catch (PipelineTimeoutException late)
        {
            isOurs = false;
            _ = ReturnAfterAsync(late.Completion, workspace);
            throw;
        }
        finally
        {
            if (isAnswered) span?.SetTag("http.response.status_code", context.Response.StatusCode);
            else span?.SetStatus(ActivityStatusCode.Error);
            if (isOurs) workspaces.Return(workspace);
        }
    }

    /// <summary>The batch is the pipeline's until it is done with it, however long that takes.</summary>
    private async Task ReturnAfterAsync(Task completion, Workspace workspace)
    {
        await completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        workspaces.Return(workspace);
    }

    private async ValueTask<IResult?> AnswerAsync(HttpContext context, Workspace workspace, string source)
    {
        var kind = MediaType.Of(context.Request.ContentType);
        if (kind == BodyKind.Other) return Problems.UnsupportedMedia("The body must be application/json, text/json or application/x-ndjson in UTF-8.");
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count > 1 || header.ToString() is { Length: > LongestKey }) return Problems.BadRequest($"Idempotency-Key: expected one, of at most {LongestKey} characters.");
        if (await workspace.Body.ReadAsync(context, limits.BodyBytes) is { } unread) return unread;
        if (header.Count == 0) return await TakeAsync(context, workspace, source, kind, _start + (((UInt128)(ulong)Interlocked.Increment(ref _requests)) << 32));

        var key = HashOf(Caller.Of(context).Name, source, header.ToString());
        var body = parts.State.Hash.Hash(workspace.Body.Span, BodyTweak);
        switch (_answers.Begin(key, body, out var answer))
        {
            case IdempotencyCache.Standing.UnderWay: return Problems.Conflict("A request with this Idempotency-Key is under way.");
            case IdempotencyCache.Standing.Reused: return Problems.Unprocessable("This Idempotency-Key was used for another body.");
            case IdempotencyCache.Standing.Answered:
                await WrittenJson.SendAsync(context, StatusCodes.Status202Accepted, answer);
                return null;
        }

        var isTaken = false;
        try
        {
            var problem = await TakeAsync(context, workspace, source, kind, key);
            isTaken = problem is null;
            return problem;
        }
        finally
        {
            if (isTaken) _answers.Complete(key, body, workspace.Output.WrittenSpan.ToArray());
            else _answers.Abandon(key);
        }
    }

    private async ValueTask<IResult?> TakeAsync(HttpContext context, Workspace workspace, string source, BodyKind kind, UInt128 seed)
    {
        using (var span = parts.Telemetry.Spans.Begin("parse"))
        {
            Parse(workspace, source, kind, seed);
            span?.SetTag("riskengine.events", workspace.Batch.Count).SetTag("riskengine.faults", workspace.FaultCount);
        }

        Count(workspace, source);
        if (kind == BodyKind.Json && workspace.FaultCount > 0)
        {
            return Problems.Faulty([.. workspace.Faults.Select(fault => FaultyElements.Of(fault.Index, fault.Defect))], workspace.FaultCount);
        }

        if (source == TelemetrySettings.AuthentikWebhookSource) parts.Telemetry.Hints?.Mark(workspace.Batch, confirmedHere: parts.Sink is null);
        var result = workspace.Batch.Count == 0 ? default : await parts.Intake.SubmitAsync(workspace.Batch, source, null, context.RequestAborted);
        foreach (var index in result.TooOld ?? [])
        {
            workspace.AddFault(workspace.Origins[index], new Defect(DefectReason.TooOld, -1, "older than seven days before the newest event"), KeptRejections);
        }

        Write(workspace, result, kind == BodyKind.JsonLines ? "line" : "index");
        await WrittenJson.SendAsync(context, StatusCodes.Status202Accepted, workspace.Output.WrittenMemory);
        return null;
    }

    private static void Parse(Workspace workspace, string source, BodyKind kind, UInt128 seed)
    {
        var format = source == TelemetrySettings.HttpSource ? workspace.Canonical : workspace.Authentik;
        var intake = new EventIntake(workspace, format, seed, kind == BodyKind.Json ? KeptFaults : KeptRejections);
        if (kind == BodyKind.Json) intake.ReadDocument(workspace.Body.Span);
        else intake.ReadLines(workspace.Body.Span);
    }

    private void Count(Workspace workspace, string source)
    {
        if (workspace.FaultCount == 0) return;
        foreach (var reason in workspace.Faults.CountBy(fault => fault.Defect.Reason)) parts.Telemetry.Intake.Rejected(source, reason.Key, reason.Value);
        // Beyond those kept the reasons are not known any more.
        var more = workspace.FaultCount - workspace.Faults.Count;
        if (more > 0) parts.Telemetry.Intake.Rejected(source, DefectReason.Unrecognised, more);
    }

    private static void Write(Workspace workspace, in SubmitResult result, string place)
    {
        var json = workspace.BeginOutput();
        json.WriteStartObject();
        json.WriteNumber("accepted", result.Accepted);
        json.WriteNumber("duplicates", result.Duplicates);
        json.WriteStartArray("rejected");
        foreach (var (index, defect) in workspace.Faults) FaultyElements.Write(json, place, index, defect);
        json.WriteEndArray();
        if (workspace.FaultCount > 0) json.WriteNumber("rejected_count", workspace.FaultCount);
        json.WriteEndObject();
        json.Flush();
    }

    private static UInt128 RandomSeed() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));

    private UInt128 HashOf(string caller, string source, string key) => parts.State.Hash.Hash(Encoding.UTF8.GetBytes($"{caller}\n{source}\n{key}"), KeyTweak);
}
