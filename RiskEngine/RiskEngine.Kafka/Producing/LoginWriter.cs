using System.Buffers;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Kafka.Producing;

/// <summary>Writes login events to their topic: what a collector does in the place of judging.</summary>
/// <remarks>
/// An event counts as taken once all replicas in sync have it. Where one of a batch is not known to be written the whole of it fails, and is sent again by whoever sent it;
/// what is written twice has the same id and counts once. Thread-safe.
/// </remarks>
/// <param name="keep">Stores the cursor of a source, once its events are written.</param>
/// <param name="written">Told of each source whose events were written.</param>
public sealed class LoginWriter(KafkaProducer producer, string topic, Func<string, string, CancellationToken, Task> keep, Action<string> written) : IEventSink
{
    private static readonly byte[] Schema = RecordHeaders.KnownSchema.ToArray();

    public async Task<SubmitResult> SubmitAsync(EventBatch batch, string source, string? cursor, CancellationToken cancellationToken)
    {
        var fault = await WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        if (fault is not null) throw new EventSinkException($"Kafka did not take the events ({fault.Words}). Send them again later.");
        written(source);
        if (cursor is not null) await keep(source, cursor, cancellationToken).ConfigureAwait(false);
        return new SubmitResult(batch.Count, 0, null);
    }

    /// <summary>Writes all events and waits for all of them; the first fault, or none.</summary>
    private async Task<KafkaFault?> WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var left = batch.Count + 1;
        KafkaFault? first = null;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Told(KafkaFault? fault)
        {
            if (fault is not null) Interlocked.CompareExchange(ref first, fault, null);
            if (Interlocked.Decrement(ref left) == 0) done.TrySetResult();
        }

        Send(batch, Told);
        Told(null);
        await done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return first;
    }

    private void Send(EventBatch batch, Action<KafkaFault?> told)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer);
        List<(string, byte[])> headers = [(RecordHeaders.Schema, Schema)];
        // The trace of the request or poll that brought them.
        if (System.Diagnostics.Activity.Current is { IdFormat: System.Diagnostics.ActivityIdFormat.W3C } current) headers.AddRange(RecordHeaders.Of(current.Context));
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var e = ref batch.Events[i];
            // A hint is confirmed by what the source itself brings, which comes the same way; what is of nobody is judged by nobody.
            if (e.Hint || !LoginEventJson.CanWrite(e))
            {
                told(null);
                continue;
            }

            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            LoginEventJson.Write(writer, batch, i);
            writer.Flush();
            producer.Send(new OutgoingRecord(topic, RecordKey.Of(batch, e), buffer.WrittenSpan.ToArray(), headers), told);
        }
    }
}
