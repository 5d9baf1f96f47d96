using System.Diagnostics;
using System.Text;
using RiskEngine.Core.State;
using RiskEngine.Kafka;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Responders.Kafka;

/// <summary>Writes blocks and releases to a compacted topic: who reads it from its beginning has every block in force, and some that are over by their <c>until</c>.</summary>
/// <remarks>At least once, in order per key. A record names the trace of its delivery; where none is made, the one in which it came to be owed. Thread-safe.</remarks>
public sealed class KafkaResponder(KafkaProducer producer, string topic) : IResponder
{
    public const string ResponderName = "kafka";

    private const string TraceHeader = "traceparent";

    public string Name => ResponderName;

    public async Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        var (key, value) = KafkaDecision.Unpack(item.Payload.Span);
        (string, byte[])[]? headers = (Activity.Current?.Id ?? item.Trace) is { } trace ? [(TraceHeader, Encoding.ASCII.GetBytes(trace))] : null;
        var fault = await producer.SendAsync(new OutgoingRecord(topic, key, value, headers)).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (fault is null) return DeliveryResult.Delivered;
        return fault.Reason == KafkaFault.TooLarge ? DeliveryResult.Never(DeliveryReasons.Rejected, fault.Words) : DeliveryResult.Unavailable(ReasonOf(fault), fault.Words);
    }

    private static string ReasonOf(KafkaFault fault) => fault.Reason switch
    {
        KafkaFault.Unreachable => DeliveryReasons.Unreachable,
        KafkaFault.TimedOut => DeliveryReasons.TimedOut,
        KafkaFault.Unauthenticated => DeliveryReasons.Unauthorized,
        KafkaFault.Unauthorized => DeliveryReasons.Forbidden,
        KafkaFault.Tls => DeliveryReasons.Tls,
        KafkaFault.Topic => DeliveryReasons.NotFound,
        KafkaFault.QueueFull => DeliveryReasons.Throttled,
        KafkaFault.Credentials => DeliveryReasons.NoSecret,
        _ => DeliveryReasons.Failed,
    };
}
