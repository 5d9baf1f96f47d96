namespace RiskEngine.Kafka.Producing;

/// <summary>A record on its way out.</summary>
/// <param name="Key">Decides the partition; null for any.</param>
/// <param name="Value">Null says that what stood under the key is gone (a tombstone, where topics are compacted).</param>
public sealed record OutgoingRecord(string Topic, byte[]? Key, byte[]? Value, IReadOnlyList<(string Name, byte[] Value)>? Headers = null);
