using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>One change that somebody made.</summary>
/// <param name="From">The address that the key was used from; left out for what came from no request.</param>
internal sealed record AuditAnswer(long Id, DateTimeOffset At, string Who, string? From, string What, string Target, string Detail);

/// <summary>Changes, oldest first.</summary>
/// <param name="Next">What to ask for as <c>after</c> next; null where there is no more for now.</param>
internal sealed record AuditPage(IReadOnlyList<AuditAnswer> Items, string? Next);

/// <summary><c>GET /api/v1/audit</c>: who changed what, when and why.</summary>
internal sealed class AuditEndpoint(ServerParts parts)
{
    private const int MaximumLimit = 1000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/audit", ListAsync).Needs(KeyScopes.Admin)
        .WithName("audit").WithTags("audit").WithSummary("Lists changes that people and programs made, oldest first, after a given one.").Problem(400);

    private async Task<Results<Ok<AuditPage>, ProblemHttpResult>> ListAsync(HttpContext context, long? after, int? limit)
    {
        if (limit is < 1 or > MaximumLimit) return Problems.BadRequest($"limit: expected 1 to {MaximumLimit}.");
        var wanted = limit ?? 100;
        var entries = await parts.Records.ReadAuditAsync(after ?? 0, wanted, context.RequestAborted);
        var items = entries.Select(entry => AnswerOf(entry)).ToList();
        return TypedResults.Ok(new AuditPage(items, items.Count == wanted ? items[^1].Id.ToString() : null));
    }

    private static AuditAnswer AnswerOf(AuditEntry entry)
    {
        var (who, from) = Audit.Parts(entry.Who);
        return new AuditAnswer(entry.Id, entry.At.ToDateTimeOffset(), who, from, entry.What, entry.Target, entry.Detail);
    }
}
