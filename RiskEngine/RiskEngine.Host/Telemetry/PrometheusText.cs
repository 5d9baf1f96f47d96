using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Writes families as Prometheus text (0.0.4) or OpenMetrics (1.0.0), the latter with exemplars.</summary>
/// <remarks>Families that have measured nothing keep their header; known series of histograms are written at 0. Not thread-safe.</remarks>
internal sealed class PrometheusText(bool openMetrics)
{
    private readonly StringBuilder _text = new(16 * 1024);

    /// <summary>Renders labels as they stand between the braces.</summary>
    public static string Labels(Tags tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags.Pairs) AppendLabel(text, name, value);
        return text.ToString();
    }

    /// <param name="metric">What the SDK collected; null where there is nothing yet.</param>
    public void Write(MetricFamily family, Metric? metric)
    {
        var name = openMetrics && family.Kind == MetricKind.Counter ? family.Name[..^"_total".Length] : family.Name;
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {family.Help.Replace("\\", "\\\\", StringComparison.Ordinal)}\n");
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {family.Kind.ToString().ToLowerInvariant()}\n");
        var missing = family.Kind == MetricKind.Histogram ? new HashSet<string>(family.Known) : [];
        if (metric is not null)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var labels = LabelsOf(point);
                missing.Remove(labels);
                if (family.Kind == MetricKind.Histogram) WriteHistogram(family.Name, labels, point);
                else WriteSample(family.Name, labels, ValueOf(metric.MetricType, point));
            }
        }

        foreach (var labels in family.Known)
        {
            if (missing.Contains(labels)) WriteEmptyHistogram(family, labels);
        }
    }

    /// <summary>Ends the document and returns it.</summary>
    public string Finish()
    {
        if (openMetrics) _text.Append("# EOF\n");
        return _text.ToString();
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static string LabelsOf(in MetricPoint point)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in point.Tags) AppendLabel(text, name, value);
        return text.ToString();
    }

    private static void AppendLabel(StringBuilder text, string name, object? value)
    {
        if (text.Length > 0) text.Append(',');
        text.Append(name).Append("=\"");
        foreach (var c in value?.ToString() ?? "")
        {
            if (c is '\\' or '"') text.Append('\\');
            text.Append(c == '\n' ? "\\n" : c.ToString());
        }

        text.Append('"');
    }

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        point.TryGetExemplars(out var exemplars);
        long count = 0;
        var lower = double.NegativeInfinity;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteBucket(name, labels, bucket.ExplicitBound, count);
            if (openMetrics) WriteExemplar(exemplars, lower, bucket.ExplicitBound);
            _text.Append('\n');
            lower = bucket.ExplicitBound;
        }

        WriteSample(name + "_sum", labels, point.GetHistogramSum());
        WriteSample(name + "_count", labels, point.GetHistogramCount());
    }

    private void WriteEmptyHistogram(MetricFamily family, string labels)
    {
        foreach (var bound in family.Bounds.Append(double.PositiveInfinity))
        {
            WriteBucket(family.Name, labels, bound, 0);
            _text.Append('\n');
        }

        WriteSample(family.Name + "_sum", labels, 0);
        WriteSample(family.Name + "_count", labels, 0);
    }

    private void WriteBucket(string name, string labels, double bound, long count)
    {
        _text.Append(name).Append("_bucket{").Append(labels);
        if (labels.Length > 0) _text.Append(',');
        _text.Append("le=\"").Append(Number(bound, isBound: true)).Append("\"} ").Append(count);
    }

    private void WriteExemplar(in ReadOnlyExemplarCollection exemplars, double above, double upTo)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.DoubleValue <= above || exemplar.DoubleValue > upTo || exemplar.TraceId == default) continue;
            _text.Append(" # {trace_id=\"").Append(exemplar.TraceId.ToHexString()).Append("\"} ").Append(Number(exemplar.DoubleValue)).Append(' ')
                .Append(Number(exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0));
            return;
        }
    }

    private void WriteSample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private string Number(double value, bool isBound = false)
    {
        if (double.IsPositiveInfinity(value)) return "+Inf";
        if (double.IsNegativeInfinity(value)) return "-Inf";
        if (double.IsNaN(value)) return "NaN";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        // OpenMetrics wants bounds to be floating-point numbers, so that all writers spell them alike.
        return openMetrics && isBound && text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
