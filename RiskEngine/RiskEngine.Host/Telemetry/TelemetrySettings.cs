using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Incidents;
using RiskEngine.Kafka;

namespace RiskEngine.Host.Telemetry;

/// <summary>What telemetry must know of the rest to start its series at 0.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Gets the kind of the store, a label: <c>memory</c> or <c>sqlite</c>.</summary>
    public string Store { get; init; } = "memory";

    /// <summary>Gets the labels of all sources that this process takes events from.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [HttpSource, AuthentikWebhookSource, ForwardAuthSource];

    /// <summary>Gets the labels of those that are asked, and do not send by themselves.</summary>
    public IReadOnlyList<string> PolledSources { get; init; } = [];

    /// <summary>Gets the names of feeds that are asked for.</summary>
    public IReadOnlyList<string> PolledFeeds { get; init; } = [];

    /// <summary>Gets the labels of those that come by syslog.</summary>
    public IReadOnlyList<string> SyslogSources { get; init; } = [];

    /// <summary>Gets the topics of Kafka; null where there is none.</summary>
    public KafkaTopics? Kafka { get; init; }

    /// <summary>Gets the names of the responders that this process delivers to.</summary>
    public IReadOnlyList<string> Responders { get; init; } = [];

    /// <summary>Gets whether logs name subjects by keyed hashes.</summary>
    public bool Pseudonymise { get; init; } = true;

    /// <summary>Gets whether logs name addresses by keyed hashes as well.</summary>
    public bool HashAddresses { get; init; }

    /// <summary>Gets what is put together into incidents.</summary>
    public IncidentSettings Incidents { get; init; } = new();

    /// <summary>Gets the name of the source of spans. Who listens to a name hears every server of the process that has it, so each that is tested has its own.</summary>
    public string Scope { get; init; } = Traces.Spans.Name;

    /// <summary>Gets who is pushed metrics and spans. The default is nobody.</summary>
    public OtlpSettings Otlp { get; init; } = new();

    /// <summary>Gets what may be asked of others at all.</summary>
    public OutboundRules Outbound { get; init; } = new();

    /// <summary>What is said there of people and addresses, for commands that write without a server.</summary>
    public static TelemetrySettings Personal(RiskEngineSettings settings) =>
        new() { Pseudonymise = settings.Log.Pseudonymise, HashAddresses = settings.Privacy.Addresses == AddressPrivacy.Hashed };

    /// <summary>Label of events posted in the canonical format.</summary>
    public const string HttpSource = "http";

    /// <summary>Label of events posted in authentik's format.</summary>
    public const string AuthentikWebhookSource = "authentik_webhook";

    /// <summary>Label of sessions that proxies ask about.</summary>
    public const string ForwardAuthSource = "forward_auth";

    /// <summary>Label of events polled from authentik.</summary>
    public const string AuthentikSource = "authentik";

    /// <summary>Label of sessions polled from authentik.</summary>
    public const string AuthentikSessionsSource = "authentik_sessions";

    /// <summary>The label of readings of authentik's accounts, which bring no events.</summary>
    public const string AuthentikAccountsSource = "authentik_accounts";
}
