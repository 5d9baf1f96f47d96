using System.Text.Json;
using RiskEngine.Host.Api;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.CrowdSec;

/// <summary><c>/crowdsec/v1</c>: what bouncers ask of CrowdSec's local API, so that they run against this server unchanged.</summary>
/// <remarks>
/// Decisions are the networks that the block list publishes, autonomous systems and countries; all of them bans. An answer that was written whole moves
/// the bouncer's cursor; one that was not, or whose connection the bouncer tore down, is given again.
/// </remarks>
internal sealed class LapiRoutes
{
    public const string Path = "/crowdsec/v1";

    private const int LargestMetrics = 1 << 20;

    private static readonly JsonEncodedText New = JsonEncodedText.Encode("new"), Deleted = JsonEncodedText.Encode("deleted");

    private readonly ServerParts _parts;
    private readonly DecisionLedger _ledger;
    private readonly BouncerCursors _cursors;
    private readonly BouncerMetrics _metrics;
    private readonly Action _countUnread;
    private readonly Lock _gate = new();
    private Task? _starting;

    public LapiRoutes(ServerParts parts)
    {
        (_parts, _ledger, _cursors, _metrics) = (parts, new DecisionLedger(parts), new BouncerCursors(parts.Clock), parts.Telemetry.Bouncers);
        _countUnread = () => _metrics.Answered(BouncerRoute.Stream, BouncerOutcome.Unread);
        _metrics.Watch(_cursors.CountActive);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var lapi = routes.MapGroup(Path).WithTags("crowdsec");
        lapi.MapGet("/decisions", (Delegate)DecisionsAsync).Needs(KeyScopes.DecisionsRead, CallerProof.ApiKey)
            .WithName("crowdsec-decisions").WithSummary("Decisions that stand, for CrowdSec's bouncers.")
            .WithDescription("Filters as the LAPI has them: ip, range, contains, scope, scopes, value, type, origins, scenarios_containing, scenarios_not_containing, limit, offset, id_gt; community_pull and additional_pull are taken and change nothing. null where there is none.")
            .Produces<LapiDecision[]>().WithMetadata(new NullableAnswer(StatusCodes.Status200OK)).Produces<LapiError>(400).Produces<LapiError>(403).Produces<LapiError>(429);
        lapi.MapGet("/decisions/stream", (Delegate)StreamAsync).Needs(KeyScopes.DecisionsRead, CallerProof.ApiKey)
            .WithName("crowdsec-decisions-stream").WithSummary("What changed since this bouncer's last whole answer; with startup=true everything.")
            .WithDescription("Scopes are ip and range where none are named. A bouncer is a key and an address. new and deleted are null where there is nothing to tell.")
            .Produces<LapiStream>().Produces<LapiError>(400).Produces<LapiError>(403).Produces<LapiError>(429);
        lapi.MapMethods("/decisions", [HttpMethods.Head], (Delegate)Head).Needs(KeyScopes.DecisionsRead, CallerProof.ApiKey)
            .WithName("crowdsec-decisions-head").WithSummary("Says whether the key is good.").Produces(200).Produces<LapiError>(403);
        lapi.MapMethods("/decisions/stream", [HttpMethods.Head], (Delegate)Head).Needs(KeyScopes.DecisionsRead, CallerProof.ApiKey)
            .WithName("crowdsec-decisions-stream-head").WithSummary("Says whether the key is good; moves no cursor.").Produces(200).Produces<LapiError>(403);
        lapi.MapPost("/usage-metrics", (Delegate)UsageAsync).Needs(KeyScopes.DecisionsRead, CallerProof.ApiKey)
            .WithName("crowdsec-usage-metrics").WithSummary("Takes what newer bouncers tell of themselves, and keeps none of it.")
            .WithMetadata(new BodyContract(typeof(JsonElement), MediaType.Json)).Produces(StatusCodes.Status201Created).Produces<LapiError>(400).Produces<LapiError>(403).Produces<LapiError>(413);
    }

    private async Task<IResult> DecisionsAsync(HttpContext context)
    {
        var (filter, fault) = DecisionFilter.Read(context.Request.Query, isStream: false);
        if (filter is null) return LapiError.Of(StatusCodes.Status400BadRequest, fault!);
        var found = filter.Network is { } network ? _ledger.Around(network, filter.IsContaining) : _ledger.Standing();
        if (filter.IsPaged) found = PageOf(found, filter);
        await using var answer = new DecisionAnswer(context, Audit.Now(_parts));
        await answer.WriteAsync(found, filter.Takes);
        _metrics.Answered(BouncerRoute.Decisions, await answer.CompleteAsync() ? BouncerOutcome.Whole : BouncerOutcome.Broken);
        return TypedResults.Empty;
    }

    /// <summary>One page, in an order that does not change. Pieces of one range share its id, so that all of them are on the page that the first is on, above the limit too.</summary>
    private static List<BouncerDecision> PageOf(List<BouncerDecision> found, DecisionFilter filter)
    {
        List<BouncerDecision> left = [.. found.Where(filter.Takes).OrderBy(decision => decision.Id)
            .ThenBy(decision => decision.Key.Scope).ThenBy(decision => decision.Key.Number).ThenBy(decision => decision.Key.Length).Skip(filter.Offset)];
        var count = Math.Min(filter.Limit, left.Count);
        while (count > 0 && count < left.Count && left[count].Id == left[count - 1].Id) count++;
        return left[..count];
    }

    private async Task<IResult> StreamAsync(HttpContext context)
    {
        var (filter, fault) = DecisionFilter.Read(context.Request.Query, isStream: true);
        if (filter is null) return LapiError.Of(StatusCodes.Status400BadRequest, fault!);
        await StartAsync(context.RequestAborted);
        var bouncer = new Bouncer(Caller.Of(context).Name, context.Connection.RemoteIpAddress?.ToString() ?? "");
        var before = filter.IsStartup ? null : _cursors.Find(bouncer);
        var delta = _ledger.Since(before);
        var outcome = BouncerOutcome.Broken;
        try
        {
            await using var answer = new DecisionAnswer(context, Audit.Now(_parts));
            answer.Json.WriteStartObject();
            answer.Json.WritePropertyName(New);
            await answer.WriteAsync(delta.Changed, decision => decision.IsStanding && filter.Takes(decision));
            answer.Json.WritePropertyName(Deleted);
            await answer.WriteAsync(delta.Changed, decision => !decision.IsStanding && filter.Takes(decision));
            answer.Json.WriteEndObject();
            if (!await answer.CompleteAsync()) return TypedResults.Empty;
            outcome = BouncerOutcome.Whole;
            var connection = context.Features.Get<ConnectionEnd>();
            _cursors.Advance(bouncer, before, delta.Head, connection);
            connection?.WhenUnread(_countUnread);
        }
        finally
        {
            _metrics.Answered(BouncerRoute.Stream, outcome);
        }

        return TypedResults.Empty;
    }

    /// <summary>A valid key is all that a HEAD asks after; no cursor moves.</summary>
    private static IResult Head() => TypedResults.Ok();

    private static async Task<IResult> UsageAsync(HttpContext context)
    {
        using var body = new BodyBuffer();
        if (await body.ReadAsync(context, LargestMetrics) is { } unread) return LapiError.Of(unread.StatusCode, $"the body may have at most {LargestMetrics} bytes, plain or compressed with gzip");
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            return JsonDocument.TryParseValue(ref reader, out var document) && Is(document) ? TypedResults.StatusCode(StatusCodes.Status201Created) : NoObject();
        }
        catch (JsonException)
        {
            return NoObject();
        }

        static IResult NoObject() => LapiError.Of(StatusCodes.Status400BadRequest, "expected a JSON object");

        static bool Is(JsonDocument document)
        {
            using (document) return document.RootElement.ValueKind == JsonValueKind.Object;
        }
    }

    /// <summary>Reads, before the first stream, what ended before this process began; once, or again where that failed.</summary>
    private Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_starting is null or { IsFaulted: true }) _starting = Task.Run(RememberAsync, CancellationToken.None);
            return _starting.WaitAsync(cancellationToken);
        }
    }

    private async Task RememberAsync() => _ledger.Remember(await EndedBlocks.ReadAsync(_parts.Records, Audit.Now(_parts), CancellationToken.None));
}

/// <summary>A decision in the LAPI's form.</summary>
/// <param name="Duration">What is left of it, as Go writes spans of time; of what ended, how long ago, negative.</param>
/// <param name="Origin">crowdsec for rules, cscli for people, cscli-import for imports.</param>
/// <param name="Type">Always ban.</param>
internal sealed record LapiDecision(string Duration, long Id, string Origin, string Scenario, string Scope, string Type, string Value);

/// <summary>What changed.</summary>
internal sealed record LapiStream(IReadOnlyList<LapiDecision>? New, IReadOnlyList<LapiDecision>? Deleted);
