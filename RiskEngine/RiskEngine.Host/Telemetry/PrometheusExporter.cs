using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Hands what the SDK has aggregated to whoever scrapes.</summary>
/// <remarks>Thread-safe: scrapes take turns.</remarks>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(InstrumentSet instruments) : BaseExporter<Metric>, IPullMetricExporter
{
    private const int CollectTimeout = 5000;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, Metric> _collected = [];

    public Func<int, bool>? Collect { get; set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch) _collected[metric.Name] = metric;
        return ExportResult.Success;
    }

    /// <summary>Everything measured so far, as text in UTF-8.</summary>
    public ReadOnlyMemory<byte> Scrape(bool openMetrics)
    {
        lock (_turn)
        {
            _collected.Clear();
            Collect?.Invoke(CollectTimeout);
            var text = new PrometheusText(openMetrics);
            foreach (var family in instruments.Families) text.Write(family, _collected.GetValueOrDefault(family.Name));
            return text.Finish();
        }
    }
}
