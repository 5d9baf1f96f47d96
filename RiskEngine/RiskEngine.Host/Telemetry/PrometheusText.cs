using System.Buffers;
using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Writes families as Prometheus text (0.0.4) or OpenMetrics (1.0.0), the latter with exemplars, in UTF-8.</summary>
/// <remarks>
/// Families that have measured nothing keep their header; known series of histograms are written at 0. Labels stand in the order of their names, as the
/// SDK gives them, so that a known series and a measured one are told to be the same. Can be used again after <see cref="Begin"/>: its buffer is too
/// large for the youngest generation of the garbage collector. Not thread-safe.
/// </remarks>
internal sealed class PrometheusText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");

    private readonly ArrayBufferWriter<byte> _text = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _labels = new(256);

    /// <summary>What stands before the number, of every sample by its place: the SDK gives series in the same order each time, and most time went here.</summary>
    private readonly Dictionary<MetricFamily, List<RenderedSample>> _rendered = [];
    private bool _openMetrics;

    /// <summary>Gets what was written; valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> Written => _text.WrittenMemory;

    /// <summary>Renders labels as they stand between the braces.</summary>
    public static string Labels(Tags tags)
    {
        var text = new ArrayBufferWriter<byte>(64);
        foreach (var (name, value) in tags.Pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)) AppendLabel(text, name, value);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Begins a document and forgets the one before.</summary>
    public void Begin(bool openMetrics)
    {
        _openMetrics = openMetrics;
        _text.ResetWrittenCount();
    }

    /// <param name="metric">What the SDK collected; null where there is nothing yet.</param>
    public void Write(MetricFamily family, Metric? metric)
    {
        WriteHeader(family);
        var missing = family.Kind == MetricKind.Histogram ? new HashSet<string>(family.Known) : [];
        if (metric is not null && family.Kind != MetricKind.Histogram) WriteSamples(family, metric);
        else if (metric is not null)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                RenderLabels(point.Tags);
                if (missing.Count > 0) missing.Remove(Encoding.UTF8.GetString(_labels.WrittenSpan));
                WriteHistogram(family.Name, point);
            }
        }

        foreach (var labels in family.Known)
        {
            if (missing.Contains(labels)) WriteEmptyHistogram(family, labels);
        }
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

    private static void AppendLabel(ArrayBufferWriter<byte> text, string name, object? value)
    {
        if (text.WrittenCount > 0) text.Write(","u8);
        Append(text, name);
        text.Write("=\""u8);
        var said = value as string ?? value?.ToString() ?? "";
        if (said.AsSpan().ContainsAny(Escaped))
        {
            said = said.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        }

        Append(text, said);
        text.Write("\""u8);
    }

    private static void Append(ArrayBufferWriter<byte> text, ReadOnlySpan<char> characters) => Encoding.UTF8.GetBytes(characters, text);

    private void WriteHeader(MetricFamily family)
    {
        var name = _openMetrics && family.Kind == MetricKind.Counter ? family.Name[..^"_total".Length] : family.Name;
        Append(_text, $"# HELP {name} {family.Help.Replace("\\", "\\\\", StringComparison.Ordinal)}\n# TYPE {name} {family.Kind.ToString().ToLowerInvariant()}\n");
    }

    private void WriteSamples(MetricFamily family, Metric metric)
    {
        if (!_rendered.TryGetValue(family, out var rendered)) _rendered.Add(family, rendered = []);
        var place = 0;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (place == rendered.Count) rendered.Add(Render(family.Name, point.Tags));
            else if (!rendered[place].IsOf(point.Tags)) rendered[place] = Render(family.Name, point.Tags);
            _text.Write(rendered[place++].Bytes);
            WriteNumber(ValueOf(metric.MetricType, point));
            _text.Write("\n"u8);
        }
    }

    private RenderedSample Render(string name, in ReadOnlyTagCollection tags)
    {
        RenderLabels(tags);
        var text = new ArrayBufferWriter<byte>(128);
        WriteStart(text, name, "");
        return new RenderedSample(tags, text.WrittenSpan.ToArray());
    }

    private void RenderLabels(in ReadOnlyTagCollection tags)
    {
        _labels.ResetWrittenCount();
        foreach (var (name, value) in tags) AppendLabel(_labels, name, value);
    }

    private void WriteHistogram(string name, in MetricPoint point)
    {
        point.TryGetExemplars(out var exemplars);
        long count = 0;
        var lower = double.NegativeInfinity;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteBucket(name, bucket.ExplicitBound, count);
            if (_openMetrics) WriteExemplar(exemplars, lower, bucket.ExplicitBound);
            _text.Write("\n"u8);
            lower = bucket.ExplicitBound;
        }

        WriteSample(name, "_sum", point.GetHistogramSum());
        WriteSample(name, "_count", point.GetHistogramCount());
    }

    private void WriteEmptyHistogram(MetricFamily family, string labels)
    {
        _labels.ResetWrittenCount();
        Append(_labels, labels);
        foreach (var bound in family.Bounds.Append(double.PositiveInfinity))
        {
            WriteBucket(family.Name, bound, 0);
            _text.Write("\n"u8);
        }

        WriteSample(family.Name, "_sum", 0);
        WriteSample(family.Name, "_count", 0);
    }

    private void WriteBucket(string name, double bound, long count)
    {
        Append(_text, name);
        _text.Write("_bucket{"u8);
        _text.Write(_labels.WrittenSpan);
        _text.Write(_labels.WrittenCount > 0 ? ",le=\""u8 : "le=\""u8);
        WriteNumber(bound, isBound: true);
        _text.Write("\"} "u8);
        WriteNumber(count);
    }

    private void WriteExemplar(in ReadOnlyExemplarCollection exemplars, double above, double upTo)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.DoubleValue <= above || exemplar.DoubleValue > upTo || exemplar.TraceId == default) continue;
            _text.Write(" # {trace_id=\""u8);
            Append(_text, exemplar.TraceId.ToHexString());
            _text.Write("\"} "u8);
            WriteNumber(exemplar.DoubleValue);
            _text.Write(" "u8);
            WriteNumber(exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0);
            return;
        }
    }

    private void WriteSample(string name, string part, double value)
    {
        WriteStart(_text, name, part);
        WriteNumber(value);
        _text.Write("\n"u8);
    }

    private void WriteStart(ArrayBufferWriter<byte> text, string name, string part)
    {
        Append(text, name);
        Append(text, part);
        if (_labels.WrittenCount > 0)
        {
            text.Write("{"u8);
            text.Write(_labels.WrittenSpan);
            text.Write("}"u8);
        }

        text.Write(" "u8);
    }

    private void WriteNumber(double value, bool isBound = false)
    {
        const int Longest = 32;
        const double Exact = 1e15;
        if (!double.IsFinite(value))
        {
            _text.Write(double.IsPositiveInfinity(value) ? "+Inf"u8 : double.IsNegativeInfinity(value) ? "-Inf"u8 : "NaN"u8);
            return;
        }

        var room = _text.GetSpan(Longest);
        var isWhole = Math.Abs(value) < Exact && value == Math.Floor(value);
        int written;
        if (isWhole) ((long)value).TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        else value.TryFormat(room, out written, "R", CultureInfo.InvariantCulture);
        _text.Advance(written);
        // OpenMetrics wants bounds to be floating-point numbers, so that all writers spell them alike.
        if (_openMetrics && isBound && isWhole) _text.Write(".0"u8);
    }
}
