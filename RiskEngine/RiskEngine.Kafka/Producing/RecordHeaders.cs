using Confluent.Kafka;

namespace RiskEngine.Kafka.Producing;

/// <summary>Headers of records that we write and read.</summary>
internal static class RecordHeaders
{
    /// <summary>Version of what the value holds; a record without it has the first.</summary>
    public const string Schema = "riskengine-schema";

    /// <summary>W3C Trace Context, section 3.2: passed on as it came.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The only version there is.</summary>
    public static ReadOnlySpan<byte> KnownSchema => "1"u8;

    /// <summary>The last header of that name; null for none, or for one longer than any of ours.</summary>
    public static byte[]? Find(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is { Length: <= 256 } ? value : null;
}
