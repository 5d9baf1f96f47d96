using RiskEngine.Configuration;
using RiskEngine.Host.Incidents;
using RiskEngine.Outbound;
using RiskEngine.Responders.Alertmanager;

namespace RiskEngine.Host.Composition;

/// <summary>The pager that the settings ask for.</summary>
internal static class AlertmanagerPager
{
    /// <summary>The pager, or none.</summary>
    public static IEnumerable<IncidentPager> Of(RiskEngineSettings settings, RunningEngine engine, ILoggerFactory loggers)
    {
        if (settings.Alertmanager is not { Urls.Count: > 0 } asked) yield break;
        var target = new AlertmanagerTarget
        {
            Urls = asked.Urls,
            ReadAuthorization = () => Credential.Of(asked.TokenFile, asked.Username, asked.PasswordFile),
            Outbound = new OutboundTarget { Rules = settings.Outbound, AllowInsecure = asked.AllowInsecureUrl },
            MinimumSeverity = asked.MinimumSeverity,
            ResolveAfter = asked.ResolveAfter,
            Resend = asked.Resend,
            PublicUrl = settings.Http.PublicUrl,
        };
        yield return new IncidentPager(target, engine.Telemetry.Incidents, engine.Telemetry.Personal, engine.Telemetry.Responders, () => engine.Leads, loggers.CreateLogger<IncidentPager>(), TimeProvider.System);
    }
}
