using System.Security.Cryptography;
using RiskEngine.Configuration;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Logging.Loki;
using RiskEngine.Host.Telemetry;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Composition;

/// <summary>What goes to Loki, as the settings ask for.</summary>
internal static class LokiLogs
{
    /// <summary>Carries lines to Loki; null where none is configured. Belongs to the <see cref="JsonLogging"/> that it is given to.</summary>
    public static LokiShipper? Of(RiskEngineSettings settings)
    {
        if (settings.Loki.Url is not { } url) return null;
        var target = new LokiTarget
        {
            Url = url,
            Tenant = settings.Loki.Tenant,
            ReadAuthorization = () => Credential.Of(settings.Loki.TokenFile, settings.Loki.Username, settings.Loki.PasswordFile),
            Outbound = new OutboundTarget { Rules = settings.Outbound, AllowInsecure = settings.Loki.AllowInsecureUrl, BodyLimit = 64 << 10, Connections = 1 },
            Seed = RandomNumberGenerator.GetInt32(int.MaxValue / 2),
        };
        return new LokiShipper(target, settings.Loki, TimeProvider.System);
    }

    /// <summary>Who tells Loki of assessments; nobody where nobody asked.</summary>
    public static IEnumerable<IPipelineObserver> Assessments(LokiShipper? loki, RiskEngineSettings settings, OpenStore store)
    {
        if (loki is not null && settings.Loki.Streams.HasFlag(LokiStreams.Assessment)) yield return new AssessmentFeed(loki, Personal(settings, store), TimeProvider.System);
    }

    /// <summary>Who tells Loki of the audit; nobody where nobody asked.</summary>
    public static IEnumerable<AuditFeed> Audit(LokiShipper? loki, RiskEngineSettings settings, OpenStore store, ILoggerFactory loggers)
    {
        if (loki is not null && settings.Loki.Streams.HasFlag(LokiStreams.Audit))
            yield return new AuditFeed(loki, store.Records, Personal(settings, store), loggers.CreateLogger<AuditFeed>(), TimeProvider.System);
    }

    private static PersonalText Personal(RiskEngineSettings settings, OpenStore store) => new(TelemetrySettings.Personal(settings), store.State.Hash);
}
