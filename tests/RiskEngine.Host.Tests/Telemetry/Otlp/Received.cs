using System.Globalization;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

/// <summary>One span, by the numbers of <c>opentelemetry/proto/trace/v1/trace.proto</c>.</summary>
internal sealed record ReceivedSpan(
    string Name, string Trace, string Id, string Parent, int Kind, ulong Start, ulong End, int Status, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links, IReadOnlyDictionary<string, string> Resource, string Scope)
{
    public static IEnumerable<ReceivedSpan> In(ProtoMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), (int)span.Value(6), span.Value(7), span.Value(8), span.Messages(15).Select(status => (int)status.Value(3)).SingleOrDefault(),
            Attribute.In(span, 9), [.. span.Messages(13).Select(link => link.Hex(1))], Attribute.In(resource.Messages(1).Single(), 1), scope.Messages(1).Single().Text(1));
}

/// <summary>One point of one metric, by the numbers of <c>opentelemetry/proto/metrics/v1/metrics.proto</c>.</summary>
/// <param name="Value">Of a counter or gauge; of a histogram the count.</param>
/// <param name="IsCumulative">Whether it counts from the start of the process; always so for gauges.</param>
/// <param name="Traces">Those of exemplars.</param>
internal sealed record ReceivedPoint(string Metric, string Labels, double Value, bool IsCumulative, IReadOnlyList<string> Traces)
{
    private const ulong Cumulative = 2;

    public static IEnumerable<ReceivedPoint> In(ProtoMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        from data in metric.Messages(5).Concat(metric.Messages(7)).Concat(metric.Messages(9))
        let isHistogram = metric.Has(9)
        from point in data.Messages(1)
        let value = isHistogram ? point.Value(4) : point.Has(6) ? (long)point.Value(6) : point.Double(4)
        select new ReceivedPoint(
            metric.Text(1), string.Join(',', Attribute.In(point, isHistogram ? 9 : 7).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}=\"{pair.Value}\"")), value,
            metric.Has(5) || data.Value(2) == Cumulative, [.. point.Messages(isHistogram ? 8 : 5).Select(exemplar => exemplar.Hex(5))]);
}

/// <summary>Attributes, by the numbers of <c>opentelemetry/proto/common/v1/common.proto</c>.</summary>
internal static class Attribute
{
    public static IReadOnlyDictionary<string, string> In(ProtoMessage owner, int number) => owner.Messages(number).ToDictionary(pair => pair.Text(1), pair => Text(pair.Messages(2).Single()));

    private static string Text(ProtoMessage value) => value.Has(1) ? value.Text(1) : value.Has(3) ? ((long)value.Value(3)).ToString(CultureInfo.InvariantCulture) : $"{value.Value(2)}";
}
