using System.Buffers;
using System.Text;
using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Writes families as Prometheus text (0.0.4) or OpenMetrics (1.0.0), the latter with exemplars, in UTF-8.</summary>
/// <remarks>
/// Families that have measured nothing keep their header; known series of histograms are written at 0. Can be used again after <see cref="Begin"/>: its buffer
/// is too large for the youngest generation of the garbage collector, and what stays the same is rendered once. Not thread-safe.
/// </remarks>
internal sealed class PrometheusText
{
    private readonly ArrayBufferWriter<byte> _text = new(64 * 1024);
    private readonly Dictionary<MetricFamily, RenderedFamily>[] _rendered = [new(ReferenceEqualityComparer.Instance), new(ReferenceEqualityComparer.Instance)];
    private bool _openMetrics;

    /// <summary>Gets what was written; valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> Written => _text.WrittenMemory;

    /// <summary>Begins a document and forgets the one before.</summary>
    public void Begin(bool openMetrics)
    {
        _openMetrics = openMetrics;
        _text.ResetWrittenCount();
    }

    /// <param name="metric">What the SDK collected; null where there is nothing yet.</param>
    public void Write(MetricFamily family, Metric? metric)
    {
        var rendered = RenderedOf(family);
        _text.Write(rendered.Header);
        var place = 0;
        if (metric is not null)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var starts = rendered.StartsOf(place++, point.Tags);
                if (family.Kind == MetricKind.Histogram) WriteHistogram(starts, point);
                else WriteSample(starts[0], ValueOf(metric.MetricType, point));
            }
        }

        _text.Write(rendered.Empty(place));
    }

    /// <summary>Ends the document.</summary>
    public void End()
    {
        if (_openMetrics) _text.Write("# EOF\n"u8);
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private RenderedFamily RenderedOf(MetricFamily family)
    {
        var known = _rendered[_openMetrics ? 1 : 0];
        if (!known.TryGetValue(family, out var rendered)) known.Add(family, rendered = new RenderedFamily(family, _openMetrics));
        return rendered;
    }

    private void WriteHistogram(byte[][] starts, in MetricPoint point)
    {
        point.TryGetExemplars(out var exemplars);
        long count = 0;
        var lower = double.NegativeInfinity;
        var bucketAt = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            _text.Write(starts[bucketAt++]);
            PrometheusNumber.Write(_text, count);
            if (_openMetrics) WriteExemplar(exemplars, lower, bucket.ExplicitBound);
            _text.Write("\n"u8);
            lower = bucket.ExplicitBound;
        }

        WriteSample(starts[^2], point.GetHistogramSum());
        WriteSample(starts[^1], point.GetHistogramCount());
    }

    private void WriteExemplar(in ReadOnlyExemplarCollection exemplars, double above, double upTo)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.DoubleValue <= above || exemplar.DoubleValue > upTo || exemplar.TraceId == default) continue;
            _text.Write(" # {trace_id=\""u8);
            Encoding.ASCII.GetBytes(exemplar.TraceId.ToHexString(), _text);
            _text.Write("\"} "u8);
            PrometheusNumber.Write(_text, exemplar.DoubleValue);
            _text.Write(" "u8);
            PrometheusNumber.Write(_text, exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0);
            return;
        }
    }

    private void WriteSample(byte[] start, double value)
    {
        _text.Write(start);
        PrometheusNumber.Write(_text, value);
        _text.Write("\n"u8);
    }
}
