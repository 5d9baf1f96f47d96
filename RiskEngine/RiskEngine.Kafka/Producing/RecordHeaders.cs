using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace RiskEngine.Kafka.Producing;

/// <summary>Headers of records that we write and read.</summary>
internal static class RecordHeaders
{
    /// <summary>Version of what the value holds; a record without it has the first.</summary>
    public const string Schema = "riskengine-schema";

    /// <summary>W3C Trace Context, section 3.2.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The same, section 3.3: what other programs note of a trace, passed on as it came.</summary>
    public const string TraceState = "tracestate";

    private const int LongestState = 512;

    /// <summary>The only version there is.</summary>
    public static ReadOnlySpan<byte> KnownSchema => "1"u8;

    /// <summary>The headers that carry a trace on; none for the default.</summary>
    public static IEnumerable<(string Name, byte[] Value)> Of(ActivityContext trace)
    {
        if (trace == default) yield break;
        yield return (TraceParent, Encoding.ASCII.GetBytes(Core.Events.TraceParent.Write(trace)));
        if (trace.TraceState is { Length: > 0 and <= LongestState } state && Ascii.IsValid(state)) yield return (TraceState, Encoding.ASCII.GetBytes(state));
    }

    /// <summary>The last header of that name; null for none, or for one longer than any of ours.</summary>
    public static byte[]? Find(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is { Length: <= LongestState } ? value : null;
}
