using System.Globalization;
using System.Text;
using Confluent.Kafka;
using RiskEngine.Core.Events;

namespace RiskEngine.Kafka.Producing;

/// <summary>A record that was given up: its bytes as they came, where they came from, and why.</summary>
/// <param name="Topic">The topic it was read from.</param>
/// <param name="Payload">What it held; at most <see cref="PayloadLimit"/> bytes of it.</param>
/// <param name="PayloadBytes">How long it was.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="TraceParent">W3C Trace Context of the record, where it had one.</param>
public sealed record DeadLetter(
    string Topic, int Partition, long Offset, DateTimeOffset At, byte[]? Key, byte[] Payload, int PayloadBytes, Defect Defect, int Attempts, byte[]? TraceParent)
{
    /// <summary>Bytes beyond which a payload is cut: the topic takes no record larger than its <c>max.message.bytes</c>, mostly 1 MiB.</summary>
    public const int PayloadLimit = 256 * 1024;

    private const int KeyLimit = 4096;

    internal static DeadLetter Of(ConsumeResult<byte[]?, byte[]?> record, Defect defect, int attempts)
    {
        var value = record.Message.Value ?? [];
        byte[]? key = record.Message.Key is { Length: <= KeyLimit } short_ ? short_ : null;
        return new DeadLetter(
            record.Topic, record.Partition.Value, record.Offset.Value, new DateTimeOffset(record.Message.Timestamp.UtcDateTime), key, value.Length > PayloadLimit ? value[..PayloadLimit] : value, value.Length,
            defect, attempts, RecordHeaders.Find(record.Message.Headers, RecordHeaders.TraceParent));
    }

    /// <summary>The record to be written: key and value as they came, the rest in headers.</summary>
    /// <param name="withPayload">False where the brokers refuse it for its size.</param>
    internal OutgoingRecord ToRecord(string topic, bool withPayload = true)
    {
        var payload = withPayload ? Payload : [];
        List<(string, byte[])> headers =
        [
            Header("riskengine-source", Topic), Header("riskengine-partition", Number(Partition)), Header("riskengine-offset", Number(Offset)),
            Header("riskengine-timestamp", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            Header("riskengine-reason", Defect.Reason.Name()), Header("riskengine-detail", Defect.ToString()), Header("riskengine-attempts", Number(Attempts)),
            Header("riskengine-payload-bytes", Number(PayloadBytes)), Header("riskengine-payload-cut", payload.Length < PayloadBytes ? "true" : "false"),
        ];
        if (TraceParent is not null) headers.Add((RecordHeaders.TraceParent, TraceParent));
        return new OutgoingRecord(topic, Key, payload, headers);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static (string, byte[]) Header(string name, string value) => (name, Encoding.UTF8.GetBytes(value));
}
