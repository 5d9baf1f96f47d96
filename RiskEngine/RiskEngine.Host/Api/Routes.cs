using RiskEngine.Host.Challenges;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.ForwardAuth;
using RiskEngine.Host.People;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry.Traces;

namespace RiskEngine.Host.Api;

/// <summary>All routes: the contents page of the interface.</summary>
internal static class Routes
{
    public static void Map(WebApplication app, ServerParts parts, ServerSettings settings, KeyRing keys)
    {
        var limits = settings.Limits;
        var workspaces = new WorkspacePool(parts);
        var challenges = app.Services.GetRequiredService<ChallengeKeeper>();
        var words = new FeedbackRecorder(parts, challenges);
        new HealthEndpoints(parts).Map(app);
        new MetricsEndpoint(parts.Telemetry).Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").Needs(KeyScopes.DecisionsRead);

        if (parts.Sink is not null)
        {
            MapCollector(app, parts, limits, keys, workspaces);
            return;
        }

        new LapiRoutes(parts).Map(app);
        new ForwardAuthEndpoint(parts, settings.ForwardAuth, app.Services.GetRequiredService<SessionReports>(), challenges).Map(app);

        if (settings.ReportLinks)
        {
            var pages = app.MapGroup("");
            pages.WithRequestTimeout(limits.RequestTimeout);
            new ReportEndpoint(parts, words).Map(pages);
        }

        var api = app.MapGroup("/api/v1").Problem(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status421MisdirectedRequest).TakesKnownParametersOnly();
        new EvaluateEndpoint(parts, limits, workspaces, challenges).Map(api);
        new EventsEndpoint(parts, limits, workspaces).Map(api);

        var calm = api.MapGroup("").Problem(StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable);
        new StreamEndpoint(parts, app.Services.GetRequiredService<IHostApplicationLifetime>()).Map(calm);

        new ErasureEndpoint(parts).Map(calm);

        var timed = calm.MapGroup("").Traced(parts);
        timed.WithRequestTimeout(limits.RequestTimeout);
        new AssessmentEndpoints(parts).Map(timed);
        new IncidentEndpoints(parts).Map(timed);
        new AttackEndpoint(parts).Map(timed);
        new ChallengeEndpoint(parts, challenges).Map(timed);
        new BlockEndpoints(parts, isAllow: false).Map(timed);
        new BlockEndpoints(parts, isAllow: true).Map(timed);
        new BlocklistEndpoint(parts).Map(timed);
        new AddressEndpoint(parts).Map(timed);
        new SubjectEndpoint(parts).Map(timed);
        new FeedbackEndpoint(parts, words).Map(timed);
        new AuditEndpoint(parts).Map(timed);
        new OutboxEndpoints(parts).Map(timed);
        new KeyEndpoints(parts, keys).Map(timed);
    }

    /// <summary>What a process serves that hands events on: it remembers nobody, so it has nothing to say of anybody.</summary>
    private static void MapCollector(WebApplication app, ServerParts parts, RequestLimits limits, KeyRing keys, WorkspacePool workspaces)
    {
        var api = app.MapGroup("/api/v1").Problem(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status421MisdirectedRequest).TakesKnownParametersOnly();
        new EventsEndpoint(parts, limits, workspaces).Map(api);
        var timed = api.MapGroup("").Problem(StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable);
        timed.WithRequestTimeout(limits.RequestTimeout);
        new KeyEndpoints(parts, keys).Map(timed);
    }
}
