using System.Text;
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
            ReadAuthorization = () => Authorization(asked),
            Outbound = new OutboundTarget { Rules = settings.Outbound, AllowInsecure = asked.AllowInsecureUrl },
            MinimumSeverity = asked.MinimumSeverity,
            ResolveAfter = asked.ResolveAfter,
            Resend = asked.Resend,
            PublicUrl = settings.Http.PublicUrl,
        };
        yield return new IncidentPager(target, engine.Telemetry.Incidents, engine.Telemetry.Personal, engine.Telemetry.Responders, loggers.CreateLogger<IncidentPager>(), TimeProvider.System);
    }

    private static string? Authorization(AlertmanagerSettings settings)
    {
        if (settings.TokenFile is { } token) return $"Bearer {TokenFile.Read(token)}";
        return settings.PasswordFile is { } password ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.Username}:{TokenFile.Read(password)}"))}" : null;
    }
}
