using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>One change that somebody made.</summary>
/// <param name="Id">Its number in the chain, rising by one.</param>
/// <param name="From">The address that the key was used from; left out for what came from no request.</param>
/// <param name="Erased">Whether the subject whom it named was erased: the target reads "erased" then.</param>
/// <param name="Hash">SHA-256 over the hash before and this record, as <c>riskengine export audit</c> writes and checks it.</param>
internal sealed record AuditAnswer(long Id, DateTimeOffset At, string Who, string? From, string What, string Target, string Detail, bool Erased, string Hash);

/// <summary>An end of the chain.</summary>
internal sealed record AuditMarkAnswer(long Id, string Hash);

/// <summary>Changes, oldest first.</summary>
/// <param name="Next">What to ask for as <c>after</c> next; null where there is no more for now.</param>
/// <param name="Anchor">The last record that was removed for its age; id 0 where none was.</param>
/// <param name="Head">The newest record.</param>
internal sealed record AuditPage(IReadOnlyList<AuditAnswer> Items, string? Next, AuditMarkAnswer Anchor, AuditMarkAnswer Head);

/// <summary><c>GET /api/v1/audit</c>: who changed what, when and why.</summary>
internal sealed class AuditEndpoint(ServerParts parts)
{
    private const int MaximumLimit = 1000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/audit", ListAsync).Needs(KeyScopes.Admin)
        .WithName("audit").WithTags("audit").WithSummary("Lists changes that people and programs made, oldest first, after a given one, as links of a chain of hashes.").Problem(400);

    private async Task<Results<Ok<AuditPage>, ProblemHttpResult>> ListAsync(HttpContext context, long? after, int? limit)
    {
        if (limit is < 1 or > MaximumLimit) return Problems.BadRequest($"limit: expected 1 to {MaximumLimit}.");
        var wanted = limit ?? 100;
        var entries = await parts.Records.ReadAuditAsync(after ?? 0, wanted, context.RequestAborted);
        var ends = await parts.Records.ReadAuditEndsAsync(context.RequestAborted);
        var items = entries.Select(AnswerOf).ToList();
        return TypedResults.Ok(new AuditPage(items, items.Count == wanted ? items[^1].Id.ToString() : null, AnswerOf(ends.Anchor), AnswerOf(ends.Head)));
    }

    private static AuditAnswer AnswerOf(AuditRecord record)
    {
        var entry = record.Entry;
        var (who, from) = Audit.Parts(entry.Who);
        return new AuditAnswer(entry.Id, entry.At.ToDateTimeOffset(), who, from, entry.What, entry.Target, entry.Detail, record.IsErased, record.Hash);
    }

    private static AuditMarkAnswer AnswerOf(AuditMark mark) => new(mark.Number, mark.Hash);
}
