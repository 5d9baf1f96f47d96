using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/challenges</c>: what became of challenges, and how many honest logins met one.</summary>
internal sealed class ChallengeEndpoint(ServerParts parts, ChallengeKeeper keeper)
{
    private const int Shortest = 1, Longest = 400, Usual = 30;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/challenges", CountAsync).Needs(KeyScopes.DecisionsRead)
        .WithName("challenges").WithTags("decisions").WithSummary("What became of enforced challenges, and how many honest logins met one.")
        .WithDescription($"Of the last days of event time, {Usual} unless days says otherwise ({Shortest} to {Longest}). As far back as events are kept, 100,000 challenges at most.")
        .Problem(400);

    private async Task<Results<Ok<ChallengeReport>, ProblemHttpResult>> CountAsync(int? days, CancellationToken cancellation)
    {
        if (days is < Shortest or > Longest) return Problems.BadRequest($"days: expected {Shortest} to {Longest}.");
        await keeper.FlushAsync(cancellation);
        var day = Audit.Now(parts).UnixDays - (days ?? Usual) + 1;
        return TypedResults.Ok(ChallengeReport.Of(await parts.Records.Challenges.CountAsync(day, cancellation), day));
    }
}
