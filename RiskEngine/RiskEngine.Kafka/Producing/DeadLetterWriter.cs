namespace RiskEngine.Kafka.Producing;

/// <summary>Writes dead letters, and does not give up: until one is durable, the position of its record must not move.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class DeadLetterWriter(KafkaProducer producer, string topic, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Writes one, however long it takes. A payload that the brokers refuse for its size is left out.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; whether it was written is not known.</exception>
    public async Task WriteAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var record = letter.ToRecord(topic);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var fault = await producer.SendAsync(record).WaitAsync(cancellation).ConfigureAwait(false);
            if (fault is null) return;
            if (fault.Reason == KafkaFault.TooLarge) record = letter.ToRecord(topic, withPayload: false);
            await Task.Delay(pause, clock, cancellation).ConfigureAwait(false);
        }
    }
}
