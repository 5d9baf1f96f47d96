using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Makes instruments and remembers their families. One for each server, with a meter of its own: tests never share one.</summary>
/// <remarks>Instruments are made while the server is built, by one thread; families are read by scrapes afterwards.</remarks>
internal sealed class InstrumentSet : IDisposable
{
    private readonly List<MetricFamily> _families = [];
    private readonly List<Action> _zeros = [];

    public InstrumentSet() => Meter = new Meter(Traces.Spans.Name);

    public Meter Meter { get; }

    public IReadOnlyList<MetricFamily> Families => _families;

    /// <summary>The family of that name; null for none.</summary>
    public MetricFamily? Find(string name) => _families.Find(family => family.Name == name);

    /// <summary>A counter whose known series start at 0.</summary>
    public Counter<long> Counter(string name, string help, params IEnumerable<Tags> known)
    {
        Note(name, MetricKind.Counter, help, [], known);
        var counter = Meter.CreateCounter<long>(name, null, help);
        foreach (var tags in known) _zeros.Add(() => counter.Add(0, tags.Pairs));
        return counter;
    }

    /// <summary>A counter that is kept elsewhere and read when scraped.</summary>
    public void ReadCounter(string name, string help, Func<IEnumerable<Measurement<long>>> read)
    {
        Meter.CreateObservableCounter(name, read, null, help);
        Note(name, MetricKind.Counter, help, [], []);
    }

    /// <summary>A histogram. The SDK knows no empty one, so the writer adds the known series at 0.</summary>
    public Histogram<double> Histogram(string name, string help, double[] bounds, params IEnumerable<Tags> known)
    {
        Note(name, MetricKind.Histogram, help, bounds, known);
        return Meter.CreateHistogram(name, null, help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
    }

    /// <summary>A gauge that is read when scraped.</summary>
    public void Gauge(string name, string help, Func<IEnumerable<Measurement<double>>> read)
    {
        Meter.CreateObservableGauge(name, read, null, help);
        Note(name, MetricKind.Gauge, help, [], []);
    }

    /// <summary>Puts every known series of every counter at 0; to be called once somebody listens, who would miss it before.</summary>
    public void Begin()
    {
        foreach (var zero in _zeros) zero();
        _zeros.Clear();
    }

    public void Dispose() => Meter.Dispose();

    private void Note(string name, MetricKind kind, string help, double[] bounds, IEnumerable<Tags> known) =>
        _families.Add(new MetricFamily(name, kind, help, bounds, [.. known.Select(PrometheusLabels.Of)]));
}

/// <summary>The labels of one series.</summary>
internal readonly record struct Tags(params KeyValuePair<string, object?>[] Pairs)
{
    public static Tags None { get; } = new([]);

    public static Tags Of(string name, string value) => new([new(name, value)]);

    public static Tags Of(string name1, string value1, string name2, string value2) => new([new(name1, value1), new(name2, value2)]);

    public static Tags Of(string name1, string value1, string name2, string value2, string name3, string value3) =>
        new([new(name1, value1), new(name2, value2), new(name3, value3)]);

    public static implicit operator ReadOnlySpan<KeyValuePair<string, object?>>(Tags tags) => tags.Pairs;

    public ReadOnlySpan<KeyValuePair<string, object?>> ToReadOnlySpan() => Pairs;
}
