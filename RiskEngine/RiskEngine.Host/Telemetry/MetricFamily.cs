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
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help, double[] Bounds, IReadOnlyList<string> Known);
