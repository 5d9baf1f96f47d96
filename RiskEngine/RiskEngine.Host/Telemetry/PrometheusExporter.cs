using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Hands what the SDK has aggregated to whoever scrapes.</summary>
/// <remarks>Thread-safe: scrapes take turns.</remarks>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(InstrumentSet instruments) : BaseExporter<Metric>, IPullMetricExporter
{
    private const int CollectTimeout = 5000;
    private const int MostSpare = 4;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, Metric> _collected = [];
    private readonly Stack<PrometheusText> _spare = [];

    public Func<int, bool>? Collect { get; set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch) _collected[metric.Name] = metric;
        return ExportResult.Success;
    }

    /// <summary>Everything measured so far, as text in UTF-8; to be disposed of once it is sent.</summary>
    public ScrapedText Scrape(bool openMetrics)
    {
        lock (_turn)
        {
            if (!_spare.TryPop(out var text)) text = new PrometheusText();
            _collected.Clear();
            Collect?.Invoke(CollectTimeout);
            text.Begin(openMetrics);
            foreach (var family in instruments.Families) text.Write(family, _collected.GetValueOrDefault(family.Name));
            text.End();
            return new ScrapedText(this, text);
        }
    }

    /// <summary>Takes back what was sent.</summary>
    internal void Return(PrometheusText text)
    {
        lock (_turn)
        {
            if (_spare.Count < MostSpare) _spare.Push(text);
        }
    }
}

/// <summary>What a scrape gives, until it is disposed of.</summary>
internal sealed class ScrapedText(PrometheusExporter exporter, PrometheusText text) : IDisposable
{
    private PrometheusText? _text = text;

    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public ReadOnlyMemory<byte> Bytes => (_text ?? throw new ObjectDisposedException(nameof(ScrapedText))).Written;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _text, null) is { } sent) exporter.Return(sent);
    }
}
