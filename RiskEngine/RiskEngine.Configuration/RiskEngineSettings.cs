using System.ComponentModel.DataAnnotations;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Configuration;

/// <summary>Everything that can be configured, checked. A section of the file is a property here; <c>docs/configuration.md</c> lists every key.</summary>
public sealed record RiskEngineSettings : ICheckedInPart
{
    public HttpSettings Http { get; init; } = new();

    public ForwardAuthSettings ForwardAuth { get; init; } = new();

    public StoreSettings Store { get; init; } = new();

    public PostgresSettings Postgres { get; init; } = new();

    public RedisSettings Redis { get; init; } = new();

    public RetentionSettings Retention { get; init; } = new();

    public PolicySettings Policy { get; init; } = new();

    public DetectionSettings Detection { get; init; } = new();

    public ModelSettings Model { get; init; } = new();

    public ScoringSettings Scoring { get; init; } = new();

    public PipelineSettings Pipeline { get; init; } = new();

    public IncidentSettings Incidents { get; init; } = new();

    public GeoSettings Geo { get; init; } = new();

    public IReadOnlyList<FeedSettings> Feeds { get; init; } = [];

    public SourceSettings Sources { get; init; } = new();

    public KafkaSettings Kafka { get; init; } = new();

    public AlertmanagerSettings Alertmanager { get; init; } = new();

    public OtlpSettings Otlp { get; init; } = new();

    public OutboundRules Outbound { get; init; } = new();

    public AuthentikSettings Authentik { get; init; } = new();

    public ResponderSettings Responders { get; init; } = new();

    public IReadOnlyList<WebhookResponderSettings> Webhooks { get; init; } = [];

    public LogSettings Log { get; init; } = new();

    public LokiSettings Loki { get; init; } = new();

    public PrivacySettings Privacy { get; init; } = new();

    /// <summary>Gets every address that is asked, with the name of its property and whether http beyond this machine is meant.</summary>
    public IEnumerable<(string Property, Uri Url, bool AllowInsecure)> AskedUrls()
    {
        if (Sources.Authentik.Url is { } authentik) yield return ("Sources.Authentik.Url", authentik, Sources.Authentik.AllowInsecureUrl);
        if (Authentik.Url is { } acted) yield return ("Authentik.Url", acted, Authentik.AllowInsecureUrl);
        foreach (var (index, webhook) in Webhooks.Index()) yield return ($"Webhooks[{index}].Url", webhook.Url, webhook.AllowInsecureUrl);
        foreach (var alertmanager in Alertmanager.Urls) yield return ("Alertmanager.Urls", alertmanager, Alertmanager.AllowInsecureUrl);
        if (Otlp.Endpoint is { } otlp) yield return ("Otlp.Endpoint", otlp, Otlp.AllowInsecureUrl);
        if (Loki.Url is { } loki) yield return ("Loki.Url", loki, Loki.AllowInsecureUrl);
        foreach (var feed in Feeds)
        {
            if (feed.Crowdsec.Url is { } lapi) yield return ("Feeds", lapi, feed.Crowdsec.AllowInsecureUrl);
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => UrlFaults().Concat(ResponderFaults()).Concat(LinkFaults()).Concat(StoreFaults());

    private IEnumerable<ValidationResult> UrlFaults() =>
        from asked in AskedUrls()
        let fault = Outbound.FaultOf(asked.Url, asked.AllowInsecure)
        where fault is not null
        select new ValidationResult(fault, [asked.Property, nameof(Outbound)]);

    private IEnumerable<ValidationResult> StoreFaults()
    {
        if (Store.Kind == StoreKind.Shared && string.IsNullOrWhiteSpace(Postgres.ConnectionString))
            yield return new ValidationResult("is missing: store.kind shared needs PostgreSQL, such as \"Host=db;Database=riskengine;Username=riskengine\"", ["Postgres.ConnectionString", "Store.Kind"]);
    }

    private IEnumerable<ValidationResult> ResponderFaults()
    {
        if (Authentik.Url is { } url && (url.Query.Length > 0 || url.Fragment.Length > 0)) yield return new ValidationResult("name scheme, host, port and path only", ["Authentik.Url"]);
        if (!Responders.Authentik.Enabled) yield break;
        if (Authentik.Url is null) yield return new ValidationResult("is missing: responders.authentik needs the address of authentik, such as https://authentik.example.org", ["Authentik.Url", "Responders.Authentik"]);
        if (Authentik.TokenFile is null) yield return new ValidationResult("is missing: responders.authentik needs a file with the key of an API token", ["Authentik.TokenFile", "Responders.Authentik"]);
    }

    private IEnumerable<ValidationResult> LinkFaults()
    {
        if (Webhooks.FirstOrDefault(webhook => webhook.ReportLink) is not { } webhook) yield break;
        if (Http.PublicUrl is not { } url)
            yield return new ValidationResult($"is missing: webhooks {webhook.Name} has report_link, and links begin with the address at which people reach this program", ["Http.PublicUrl", nameof(Webhooks)]);
        else if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback && !Http.AllowInsecurePublicBinding)
            yield return new ValidationResult($"expected https: webhooks {webhook.Name} has report_link, and whoever sees such a link can use it", ["Http.PublicUrl", nameof(Webhooks)]);
    }

    /// <summary>Gets what is dangerous and yet meant, in words for the log; told at every start.</summary>
    public IEnumerable<string> Footguns()
    {
        if (Http.AllowInsecurePublicBinding) yield return "http.allow_insecure_public_binding is set: keys travel in clear beyond this machine";
        foreach (var open in Sources.Syslog.Where(source => source.AllowPublicBinding)) yield return $"sources.syslog {open.Name} has allow_public_binding: whoever reaches {open.Address} can send events";
        if (Store.Kind == StoreKind.Shared && Redis.Endpoints.Count > 0 && !Redis.Tls && Redis.Endpoints.Any(endpoint => !IsThisMachine(endpoint)))
            yield return "redis.tls is off beyond this machine: whoever is on the way can read and change what is known of people";
        if (Sources.Authentik.AllowInsecureUrl) yield return "sources.authentik.allow_insecure_url is set: the token may travel in clear beyond this machine";
        if (Sources.Authentik is { Url: not null, WebhookUnknownNames: true })
            yield return "sources.authentik.webhook_unknown_names is set: whoever holds the webhook's key can invent failed logins of unknown names from any address";
        if (Authentik.AllowInsecureUrl) yield return "authentik.allow_insecure_url is set: the token may travel in clear beyond this machine";
        if (Responders.Authentik is { Enabled: true, Deactivate: true, DryRun: false })
            yield return "responders.authentik.deactivate is on: accounts are deactivated by rules, and only a person activates them again; whoever gets a login judged badly locks its owner out";
        foreach (var webhook in Webhooks)
        {
            if (webhook.AllowInsecureUrl) yield return $"webhooks {webhook.Name} has allow_insecure_url: what it is told may travel in clear beyond this machine";
            if (webhook.Names) yield return $"webhooks {webhook.Name} has names on: names of people, and words about them, are sent to {webhook.Url.Host}";
        }

        if (Alertmanager.AllowInsecureUrl) yield return "alertmanager.allow_insecure_url is set: incidents may travel in clear beyond this machine";
        foreach (var feed in Feeds.Where(feed => feed.Crowdsec is { Url: not null, AllowInsecureUrl: true })) yield return $"feeds {feed.Name} has crowdsec.allow_insecure_url: the key may travel in clear beyond this machine";
        if (Otlp.AllowInsecureUrl) yield return "otlp.allow_insecure_url is set: metrics and spans, and the headers of otlp.headers_file, may travel in clear beyond this machine";
        if (Kafka.IsCleartextBeyondHere) yield return "kafka.allow_cleartext is set: logins, names of people and passwords for the brokers may travel in clear beyond this machine";
        if (Loki.AllowInsecureUrl) yield return "loki.allow_insecure_url is set: log lines, the audit and its credential may travel in clear beyond this machine";
        if (!Log.Pseudonymise) yield return "log.pseudonymise is off: names of people are written to logs";
    }

    private static bool IsThisMachine(string endpoint) => endpoint[..endpoint.LastIndexOf(':')] is "localhost" or "127.0.0.1" or "[::1]";
}
