using System.Buffers;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Kafka.Producing;

/// <summary>Writes every assessment to its topic, once it is durable here.</summary>
/// <remarks>
/// Each has the trace that its event came with. Nobody waits for it but who asks to: events that came from Kafka are acknowledged after their assessments were written, so each of those is written at least once. What came
/// another way is written as long as the brokers take it; what they do not take in time is counted and left out. Thread-safe.
/// </remarks>
public sealed class AssessmentWriter(KafkaProducer producer, string topic, TimeProvider clock) : IPipelineObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PartitionLedger _ledger = NewLedger();
    private readonly Queue<(long Until, TaskCompletionSource Settled)> _waiting = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private long _sent;
    private long _settled;
    private long _lastFailed;

    /// <summary>Gets the number of assessments handed over so far: a mark for <see cref="ArrivedSinceAsync"/>.</summary>
    public long Sent
    {
        get
        {
            lock (_gate) return _sent;
        }
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        using var json = new Utf8JsonWriter(_buffer);
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Outcome != EventOutcome.Accepted || !effects[i].Judged) continue;
            _buffer.ResetWrittenCount();
            json.Reset(_buffer);
            AssessmentJson.Write(json, effects, i);
            json.Flush();
            Send(new OutgoingRecord(topic, RecordKey.Of(effects.Batch, effects.Batch.Events[i]), _buffer.WrittenSpan.ToArray(), TraceOf(effects.Batch, i)));
        }
    }

    /// <summary>Waits until it is known what became of all that was handed over so far.</summary>
    /// <param name="mark">What <see cref="Sent"/> was when it began.</param>
    /// <returns>Whether all since the mark arrived.</returns>
    public async Task<bool> ArrivedSinceAsync(long mark, CancellationToken cancellation)
    {
        await SettledAsync().WaitAsync(cancellation).ConfigureAwait(false);
        lock (_gate) return _lastFailed <= mark;
    }

    /// <summary>Writes once more what the store has of these events, however long it takes: after a crash between the commit and the writing, and after an outage.</summary>
    /// <exception cref="StateStoreException">The store does not answer.</exception>
    public async Task RepeatAsync(EventBatch batch, IRecordStore records, CancellationToken cancellation)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var (tenant, id) = (batch[i].Tenant.IsEmpty ? "default" : batch.String(batch[i].Tenant), batch.String(batch[i].Id));
            if (await records.FindEventAsync(tenant, id, cancellation).ConfigureAwait(false) is not { Assessment: not null } stored) continue;
            var record = new OutgoingRecord(topic, Encoding.UTF8.GetBytes($"{stored.Tenant}/{stored.Subject}"), Write(stored), TraceOf(batch, i));
            while (await producer.SendAsync(record).WaitAsync(cancellation).ConfigureAwait(false) is not null) await Task.Delay(Pause, clock, cancellation).ConfigureAwait(false);
        }
    }

    private static PartitionLedger NewLedger()
    {
        var ledger = new PartitionLedger();
        ledger.Open(0);
        return ledger;
    }

    /// <summary>The trace that the event came with goes on with its assessment.</summary>
    private static (string, byte[])[]? TraceOf(EventBatch batch, int index) => batch.Traces.IsEmpty ? null : [.. RecordHeaders.Of(batch.Traces.Of(index))];

    private static byte[] Write(StoredEvent stored)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer);
        AssessmentJson.Write(writer, stored);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Send(OutgoingRecord record)
    {
        long number;
        LedgerTicket ticket;
        lock (_gate)
        {
            number = ++_sent;
            ticket = _ledger.Take(0, number);
        }

        producer.Send(record, fault => Settle(ticket, number, fault));
    }

    private void Settle(LedgerTicket ticket, long number, KafkaFault? fault)
    {
        lock (_gate)
        {
            if (fault is not null) _lastFailed = Math.Max(_lastFailed, number);
            _ledger.Complete(ticket);
            if (_ledger.TryAdvance(0, out var next)) _settled = next - 1;
            while (_waiting.TryPeek(out var first) && first.Until <= _settled) _waiting.Dequeue().Settled.TrySetResult();
        }
    }

    private Task SettledAsync()
    {
        lock (_gate)
        {
            if (_settled >= _sent) return Task.CompletedTask;
            var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((_sent, settled));
            return settled.Task;
        }
    }
}
