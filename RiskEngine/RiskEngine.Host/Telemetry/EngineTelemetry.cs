using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Composition;
using RiskEngine.Host.ForwardAuth;
using RiskEngine.Host.Incidents;
using RiskEngine.Host.People;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry.Otlp;
using RiskEngine.Host.Telemetry.Traces;
using RiskEngine.Kafka;

namespace RiskEngine.Host.Telemetry;

/// <summary>Everything that watches one engine: metrics, the log of decisions, the live stream, incidents.</summary>
/// <remarks>
/// Made before the pipeline, because the pipeline is given its <see cref="Observers"/>; disposed of after it. Thread-safe but for what the pipeline
/// calls, which it calls from one thread at a time.
/// </remarks>
public sealed class EngineTelemetry : IDisposable
{
    private readonly InstrumentSet _instruments = new();
    private readonly MeterProvider _provider;
    private readonly PrometheusExporter _exporter;
    private readonly OtlpPush? _push;

    public EngineTelemetry(TelemetrySettings settings, KeyedHash hash, ILoggerFactory loggers, TimeProvider clock)
    {
        Spans = new Spans(settings.Scope);
        Intake = new IntakeMetrics(_instruments, settings.Sources);
        Sources = new SourceMetrics(_instruments, settings.PolledSources, settings.SyslogSources);
        Hints = settings.PolledSources.Contains(TelemetrySettings.AuthentikSource) ? new HintLedger(_instruments, clock) : null;
        Evaluate = new EvaluateMetrics(_instruments);
        Security = new SecurityMetrics(_instruments);
        People = new PeopleMetrics(_instruments);
        Responders = new ResponderWatch(_instruments, settings.Responders, loggers.CreateLogger<ResponderWatch>(), settings.Kafka is null ? [] : [KafkaParts.Label]);
        Kafka = new KafkaWatch(_instruments, settings.Kafka ?? new KafkaTopics(), Intake, Sources, Responders, loggers.CreateLogger<KafkaWatch>(), clock);
        Bouncers = new BouncerMetrics(_instruments);
        FeedPolls = new FeedPollMetrics(_instruments, settings.PolledFeeds);
        ForwardAuth = new ForwardAuthMetrics(_instruments);
        Challenges = new ChallengeBook(hash);
        Reports = new ReportMetrics(_instruments);
        ChallengeOutcomes = new ChallengeMetrics(_instruments);
        ChallengeLedger = new ChallengeLedger(ChallengeOutcomes, hash);
        Stream = new EventStream(new RequestLimits().Streams);
        Personal = new PersonalText(settings, hash);
        var decisions = new DecisionLog(loggers.CreateLogger<DecisionLog>(), Personal, clock);
        LogMetrics.Register(_instruments, decisions, loggers);
        Incidents = new IncidentWatch(settings.Incidents);
        IncidentMetrics.Register(_instruments, Incidents, clock);
        var batches = new BatchSpans(Spans, clock);
        Observers =
        [
            batches.First, new PipelineMetrics(_instruments, Intake, Sources, People, settings, clock), decisions, Stream, Incidents, Challenges, ChallengeLedger,
            new AttackWatch(_instruments, loggers.CreateLogger<AttackWatch>(), clock), batches.Last,
        ];

        _exporter = new PrometheusExporter(_instruments);
        var pushes = new OtlpWatch(_instruments, settings.Otlp, loggers.CreateLogger<OtlpWatch>());
        _push = settings.Otlp.Endpoint is null ? null : new OtlpPush(settings.Otlp, settings.Outbound, Spans, pushes, clock);
        var builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty())
            .AddMeter(_instruments.Meter.Name)
            // Another server in this process has instruments of the same names.
            .AddView(instrument => ReferenceEquals(instrument.Meter, _instruments.Meter) ? _instruments.Find(instrument.Name)?.Widened() : MetricStreamConfiguration.Drop)
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(new BaseExportingMetricReader(_exporter));
        _push?.AddTo(builder);
        _provider = builder.Build();
        _instruments.Begin();
    }

    /// <summary>Gets what the pipeline is to tell of every batch.</summary>
    public IReadOnlyList<IPipelineObserver> Observers { get; }

    /// <summary>Gets the counters of input that no format understands, for collectors.</summary>
    public IntakeMetrics Intake { get; }

    /// <summary>Gets what is measured of sources that are asked.</summary>
    public SourceMetrics Sources { get; }

    /// <summary>Gets the events that a webhook told of and that the poll has still to confirm; null where nothing is polled and the webhook is the source.</summary>
    public HintLedger? Hints { get; }

    /// <summary>Gets what makes spans.</summary>
    internal Spans Spans { get; }

    /// <summary>Gets who is told of what happens with Kafka.</summary>
    internal KafkaWatch Kafka { get; }

    internal IncidentWatch Incidents { get; }

    internal PersonalText Personal { get; }

    internal EvaluateMetrics Evaluate { get; }

    internal SecurityMetrics Security { get; }

    internal PeopleMetrics People { get; }

    internal BouncerMetrics Bouncers { get; }

    internal FeedPollMetrics FeedPolls { get; }

    internal ForwardAuthMetrics ForwardAuth { get; }

    internal ChallengeBook Challenges { get; }

    internal ChallengeLedger ChallengeLedger { get; }

    internal ChallengeMetrics ChallengeOutcomes { get; }

    internal ReportMetrics Reports { get; }

    internal EventStream Stream { get; }

    internal ResponderWatch Responders { get; }

    internal InstrumentSet Instruments => _instruments;

    /// <summary>Everything measured so far in the Prometheus text format.</summary>
    public string Scrape(bool openMetrics)
    {
        using var text = ScrapeBytes(openMetrics);
        return Encoding.UTF8.GetString(text.Bytes.Span);
    }

    /// <summary>The same in UTF-8, as it is sent; to be disposed of once it is.</summary>
    internal ScrapedText ScrapeBytes(bool openMetrics) => _exporter.Scrape(openMetrics);

    public void Dispose()
    {
        _push?.Stop(_provider);
        _provider.Dispose();
        _push?.Dispose();
        Spans.Dispose();
        _instruments.Dispose();
    }
}
