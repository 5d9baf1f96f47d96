using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>One change that somebody made.</summary>
internal sealed record AuditAnswer(long Id, DateTimeOffset At, string Who, string What, string Target, string Detail);

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
        var items = entries.Select(entry => new AuditAnswer(entry.Id, entry.At.ToDateTimeOffset(), entry.Who, entry.What, entry.Target, entry.Detail)).ToList();
        return TypedResults.Ok(new AuditPage(items, items.Count == wanted ? items[^1].Id.ToString() : null));
    }
}
