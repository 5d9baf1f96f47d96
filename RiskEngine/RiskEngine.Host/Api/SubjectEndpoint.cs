using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/subjects/{id}</c>: what is usual for a subject.</summary>
internal sealed class SubjectEndpoint(ServerParts parts)
{
    private readonly SubjectReader _subjects = new(parts);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/subjects/{id}", FindAsync).Needs(KeyScopes.DecisionsRead)
        .WithName("subjects-find").WithTags("subjects").WithSummary("Tells the profile of a subject, by its id, or by its name where it has no id.").Problem(404);

    private async Task<Results<Ok<SubjectAnswer>, ProblemHttpResult>> FindAsync(HttpContext context, string id, string? tenant)
    {
        var answer = await _subjects.ReadAsync(tenant ?? "default", id, id, Audit.Now(parts) + TimeSpan.FromDays(1), context.RequestAborted);
        return answer is null ? Problems.NotFound("Nothing is known of that subject.") : TypedResults.Ok(answer);
    }
}
