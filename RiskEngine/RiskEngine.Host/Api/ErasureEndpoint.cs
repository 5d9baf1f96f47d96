using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>DELETE /api/v1/subjects/{id}</c>: forgets a subject.</summary>
/// <remarks>May take a while in a large store, so it has no time-out; it goes on when the caller gives up, and may be repeated.</remarks>
internal sealed class ErasureEndpoint(ServerParts parts)
{
    private const int LongestName = 512;

    public void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/subjects/{id}", EraseAsync).Needs(KeyScopes.Admin)
        .WithName("subjects-erase").WithTags("subjects").WithSummary("Forgets a subject, by its id or a name that one account bore: its profile, pairs, events, feedback and blocks, and its key in the audit.").Problem(400, 409);

    private async Task<Results<Ok<ErasureAnswer>, ProblemHttpResult>> EraseAsync(HttpContext context, string id, string? tenant, bool? dry_run)
    {
        if (id.Length > LongestName) return Problems.BadRequest($"The subject has at most {LongestName} characters.");
        var erasure = new SubjectErasure(tenant is { Length: > 0 } ? tenant : "default", id, dry_run ?? false);
        var report = await ForgetAsync(erasure, Audit.Entry(context, parts, "subject.erase", "", "")).WaitAsync(context.RequestAborted);
        if (report.Accounts.Count > 0)
            return Problems.Conflict($"{report.Accounts.Count} accounts bore that name; nothing was done. Name one by its id: {string.Join(", ", report.Accounts.Take(20))}.");
        return TypedResults.Ok(new ErasureAnswer(erasure.DryRun, report.Rows, report.IsWiped));
    }

    private async Task<ErasureReport> ForgetAsync(SubjectErasure erasure, AuditEntry audit)
    {
        var report = await parts.Records.EraseSubjectAsync(erasure, audit, CancellationToken.None);
        parts.Telemetry.Incidents.Forget(report.Keys);
        parts.Telemetry.ChallengeLedger.Forget(report.Handles);
        return report;
    }
}
