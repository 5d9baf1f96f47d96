using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>How a family is written.</summary>
internal enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One family of metrics: what it is called, what it tells, and which of its series exist before anything was measured.</summary>
/// <param name="Name">With prefix, unit and, for counters, <c>_total</c>: as it is written.</param>
/// <param name="Bounds">Upper bounds of a histogram's buckets; empty for others.</param>
/// <param name="Known">Label sets that start at 0, rendered as in the text format, without braces.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help, double[] Bounds, IReadOnlyList<string> Known)
{
    /// <summary>Series of one instrument that the SDK keeps apart by itself; further ones it adds up in one that says overflow.</summary>
    private const int UsualLimit = 2000;

    /// <summary>Series that a family may have beside the known ones.</summary>
    private const int Spare = 500;

    /// <summary>Room for every known series, where many sources make more of them than the SDK would keep apart.</summary>
    /// <returns>Null where there is room enough.</returns>
    public MetricStreamConfiguration? Widened()
    {
        if (Known.Count + Spare <= UsualLimit) return null;
        return Kind == MetricKind.Histogram
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Bounds, CardinalityLimit = Known.Count + Spare }
            : new MetricStreamConfiguration { CardinalityLimit = Known.Count + Spare };
    }
}
