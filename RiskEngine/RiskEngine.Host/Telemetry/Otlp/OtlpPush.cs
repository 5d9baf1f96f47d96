using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Telemetry.Traces;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Pushes metrics and spans by OTLP (http/protobuf) to the receiver that the settings name.</summary>
/// <remarks>
/// Each signal has a thread of its own that waits for the network; nobody else does. Every request passes the guard of <see cref="OutboundClient"/>. Nothing is
/// retried: metrics are totals, which the next push has too, and spans are lost and counted.
/// </remarks>
internal sealed class OtlpPush : IDisposable
{
    /// <summary>How long the end of the process waits for one signal.</summary>
    private const int PatienceMilliseconds = 2000;

    private readonly OtlpSettings _settings;
    private readonly OtlpWatch _watch;
    private readonly Uri _endpoint;
    private readonly OutboundClient _client;
    private readonly TracerProvider? _tracer;
    private readonly List<HttpClient> _given = [];

    public OtlpPush(OtlpSettings settings, OutboundRules rules, Spans spans, OtlpWatch watch, TimeProvider clock)
    {
        (_settings, _watch, _endpoint) = (settings, watch, settings.Endpoint ?? throw new ArgumentException("There is no endpoint.", nameof(settings)));
        _client = new OutboundClient(new OutboundTarget { Rules = rules, AllowInsecure = settings.AllowInsecureUrl, Timeout = settings.Timeout, BodyLimit = 64 * 1024, Connections = 2 }, clock);
        if (!settings.Traces) return;
        _tracer = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddSource(spans.Source.Name)
            .SetSampler(new LinkedSampler(settings.Sampling))
            .AddProcessor(new SpanQueue(spans.Source, new SpanExporter(Options(OtlpWatch.Traces), watch), watch, settings.Timeout))
            .Build();
    }

    /// <summary>Adds the push of metrics, where they are to be pushed.</summary>
    public void AddTo(MeterProviderBuilder metrics)
    {
        if (!_settings.Metrics) return;
        metrics.SetResourceBuilder(Resource());
        metrics.AddReader(new PeriodicExportingMetricReader(
            new OtlpMetricExporter(Options(OtlpWatch.Metrics)), (int)_settings.Interval.TotalMilliseconds, (int)_settings.Timeout.TotalMilliseconds));
    }

    /// <summary>Pushes what is left, within <see cref="PatienceMilliseconds"/> for each signal.</summary>
    public void Stop(MeterProvider metrics)
    {
        _tracer?.Shutdown(PatienceMilliseconds);
        metrics.Shutdown(PatienceMilliseconds);
    }

    /// <summary>To be called once the meters are disposed of, which may push a last time.</summary>
    public void Dispose()
    {
        _tracer?.Dispose();
        foreach (var http in _given) http.Dispose();
        _client.Dispose();
    }

    private OtlpExporterOptions Options(string signal)
    {
        var http = _client.ForLibrary(request => OtlpHeaders.Add(_settings.HeadersFile, request), (answer, fault) => _watch.Answered(signal, answer, fault));
        _given.Add(http);
        // What is not given here the library reads from the environment.
        return new OtlpExporterOptions
        {
            Endpoint = new Uri($"{_endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/{signal}"),
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Headers = "",
            TimeoutMilliseconds = (int)_settings.Timeout.TotalMilliseconds,
            HttpClientFactory = () => http,
        };
    }

    private ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService(
        serviceName: "riskengine", serviceVersion: typeof(OtlpPush).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        autoGenerateServiceInstanceId: false, serviceInstanceId: _settings.Instance ?? Environment.MachineName);
}
