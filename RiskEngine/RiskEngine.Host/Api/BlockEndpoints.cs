using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>/api/v1/blocks</c> and <c>/api/v1/allowlist</c>: what people order to be refused, or to be let pass.</summary>
/// <remarks>The two differ in the list they change and in that an allow entry always ends. A person's block is enforced in monitor mode too.</remarks>
internal sealed class BlockEndpoints(ServerParts parts, bool isAllow)
{
    private const int PageSize = 500;
    private const string Representation = "return=representation";

    private readonly StandingRequest _request = new(parts);
    private readonly BlockRelease _release = new(parts);
    private readonly string _noun = isAllow ? "allow" : "block";

    public void Map(IEndpointRouteBuilder routes)
    {
        var path = isAllow ? "/allowlist" : "/blocks";
        var name = isAllow ? "allowlist" : "blocks";
        var what = isAllow ? "allow entries" : "blocks";
        routes.MapGet(path, List).Needs(KeyScopes.DecisionsRead)
            .WithName($"{name}-list").WithTags(name).WithSummary($"Lists {what} in force, newest first.").Problem(400);
        routes.MapPost(path, (Delegate)AddAsync).Needs(KeyScopes.Admin)
            .WithName($"{name}-add").WithTags(name).WithSummary($"Adds to the {what}; one for the same thing is replaced.")
            .WithMetadata(new BodyContract(typeof(BlockRequest), MediaType.Json)).Problem(400, 409, 413, 415, 422);
        routes.MapDelete(path + "/{id}", RemoveAsync).Needs(KeyScopes.Admin)
            .WithName($"{name}-remove").WithTags(name).WithSummary($"Ends one of the {what}.").Problem(404)
            .WithDescription(isAllow ? "Always answered by 204." : "Forgets the failures that led to the block. With Prefer: return=representation (RFC 7240) the answer is 200 and says how many, and whether these are all, else 204.");
    }

    private BlockTable Table => isAllow ? parts.State.AllowList : parts.State.Blocks;

    private Results<Ok<BlockPage>, ProblemHttpResult> List(string? scope, string? origin, string? cursor)
    {
        if (scope is not null && !BlockNames.TryParse(scope, out _)) return Problems.BadRequest($"scope: expected one of {string.Join(", ", BlockNames.AllScopes)}.");
        if (origin is not null && !BlockNames.AllOrigins.Contains(origin)) return Problems.BadRequest($"origin: expected one of {string.Join(", ", BlockNames.AllOrigins)}.");
        var before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, out before)) return Problems.BadRequest("cursor: expected the next of the page before.");

        var now = Audit.Now(parts);
        var found = Table.All
            .Where(block => block.IsActive(now) && block.Id < before && (scope is null || block.Scope.Name() == scope) && (origin is null || block.Origin.Name() == origin))
            .OrderByDescending(block => block.Id).Take(PageSize + 1).ToList();
        var next = found.Count > PageSize ? found[PageSize - 1].Id.ToString() : null;
        return TypedResults.Ok(new BlockPage([.. found.Take(PageSize).Select(AnswerOf)], next));
    }

    private async Task<Results<Created<BlockAnswer>, ProblemHttpResult>> AddAsync(HttpContext context)
    {
        var (request, unread) = await JsonBody.ReadAsync(context, ApiJson.Default.BlockRequest);
        if (request is null) return unread!;
        var (block, entry, refused) = _request.Check(context, request, isAllow);
        if (block is null) return refused!;

        var audit = Audit.Entry(context, parts, $"{_noun}.add", $"{block.Scope.Name()}:{block.Value}", block.Reason);
        var added = isAllow
            ? await parts.Records.AddAllowAsync(block, entry.Key, audit, context.RequestAborted)
            : await parts.Records.AddBlockAsync(block, entry.Key, audit.ForBlock(parts), context.RequestAborted);
        if (!isAllow) parts.Telemetry.People.Blocked(added);
        return TypedResults.Created($"{context.Request.Path}/{added.Id}", AnswerOf(added));
    }

    private async Task<Results<NoContent, Ok<ReleaseAnswer>, ProblemHttpResult>> RemoveAsync(HttpContext context, string id)
    {
        if (!long.TryParse(id, out var number)) return Gone();
        var known = Table.Find(number);
        var what = known is { Scope: BlockScope.Ip or BlockScope.Range } ? $"{known.Scope.Name()}:{known.Value}" : "";
        AuditEntry Entry(string forgotten) => Audit.Entry(context, parts, $"{_noun}.remove", id, string.Join(", ", new[] { what, forgotten }.Where(part => part.Length > 0)));
        if (isAllow) return await parts.Records.RemoveAllowAsync(number, Entry(""), context.RequestAborted) is null ? Gone() : TypedResults.NoContent();
        // One that another replica made a moment ago is not known here yet, and is ended without forgetting.
        if (known is null) return await parts.Records.RemoveBlockAsync(number, Entry(""), context.RequestAborted) is null ? Gone() : TypedResults.NoContent();
        if (await _release.EndAsync(known, Entry, context.RequestAborted) is not { } released) return Gone();
        if (!WantsAnswer(context.Request)) return TypedResults.NoContent();
        context.Response.Headers["Preference-Applied"] = Representation;
        return TypedResults.Ok(released);
    }

    /// <summary>RFC 7240: whoever prefers it is told what was done; 204 without content stays the answer for everybody else.</summary>
    private static bool WantsAnswer(HttpRequest request) =>
        request.Headers["Prefer"].Any(value => value?.Split(',', StringSplitOptions.TrimEntries).Contains(Representation, StringComparer.OrdinalIgnoreCase) == true);

    internal static BlockAnswer AnswerOf(Block block) => new(
        block.Id, block.Scope.Name(), block.Value, block.Tenant, block.Reason, block.Origin.Name(), block.Owner, block.CreatedAt.ToDateTimeOffset(),
        block.Until?.ToDateTimeOffset(), block.Enforced, block.EventId.Length > 0 ? block.EventId : null);

    private ProblemHttpResult Gone() => Problems.NotFound(isAllow ? "There is no allow entry with that id." : "There is no block with that id.");
}
