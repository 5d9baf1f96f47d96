using System.Text;
using OpenTelemetry;

namespace RiskEngine.Host.Telemetry;

/// <summary>What of a family is the same at every scrape, as it is written: its header, what stands before each number, and known histograms that measured nothing.</summary>
/// <remarks>Kept by the place of a series: the SDK gives series in the same order each time, and most time went into writing them anew. Not thread-safe.</remarks>
internal sealed class RenderedFamily
{
    private readonly MetricFamily _family;
    private readonly bool _openMetrics;
    private readonly List<RenderedSeries> _series = [];
    private byte[] _empty = [];
    private int _emptyBeside = -1;

    public RenderedFamily(MetricFamily family, bool openMetrics)
    {
        (_family, _openMetrics) = (family, openMetrics);
        var name = openMetrics && family.Kind == MetricKind.Counter ? family.Name[..^"_total".Length] : family.Name;
        Header = Encoding.UTF8.GetBytes($"# HELP {name} {family.Help.Replace("\\", "\\\\", StringComparison.Ordinal)}\n# TYPE {name} {family.Kind.ToString().ToLowerInvariant()}\n");
    }

    public byte[] Header { get; }

    /// <summary>What stands before the numbers of the series at that place.</summary>
    public byte[][] StartsOf(int place, in ReadOnlyTagCollection tags)
    {
        if (place < _series.Count && _series[place].IsOf(tags)) return _series[place].Starts;
        var labels = PrometheusLabels.Of(tags);
        var made = new RenderedSeries(tags, labels, [.. Starts(labels)]);
        if (place == _series.Count) _series.Add(made);
        else _series[place] = made;
        _emptyBeside = -1;
        return made.Starts;
    }

    /// <summary>Known histograms, all of them 0, that are not among the first so many series.</summary>
    public ReadOnlySpan<byte> Empty(int measured)
    {
        if (_emptyBeside == measured || _family.Kind != MetricKind.Histogram) return _empty;
        var found = _series.Take(measured).Select(series => series.Labels).ToHashSet(StringComparer.Ordinal);
        _empty = [.. _family.Known.Where(labels => !found.Contains(labels)).SelectMany(Starts).SelectMany(start => start.Concat("0\n"u8.ToArray()))];
        _emptyBeside = measured;
        return _empty;
    }

    private IEnumerable<byte[]> Starts(string labels)
    {
        if (_family.Kind == MetricKind.Histogram)
        {
            var before = labels.Length > 0 ? labels + "," : "";
            foreach (var bound in _family.Bounds.Append(double.PositiveInfinity)) yield return Encoding.UTF8.GetBytes($"{_family.Name}_bucket{{{before}le=\"{PrometheusNumber.Bound(bound, _openMetrics)}\"}} ");
            yield return Start("_sum");
            yield return Start("_count");
        }
        else
        {
            yield return Start("");
        }

        byte[] Start(string part) => Encoding.UTF8.GetBytes(labels.Length > 0 ? $"{_family.Name}{part}{{{labels}}} " : $"{_family.Name}{part} ");
    }
}
