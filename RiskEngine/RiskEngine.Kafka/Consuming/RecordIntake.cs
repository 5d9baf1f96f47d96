using System.Collections.Concurrent;
using Confluent.Kafka;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Consuming;

/// <summary>Makes batches of records and sends them on their way; whoever acknowledges asks it what is done.</summary>
/// <remarks>Not thread-safe, but for what is done, which comes from any thread.</remarks>
internal sealed class RecordIntake(
    ConsumerSettings settings, LoginFormats formats, Func<RecordBatch, CancellationToken, Task> judge, DeadLetterWriter deadLetters, IKafkaObserver observer)
{
    private const int BatchText = 512 * 1024;

    private readonly ConcurrentQueue<RecordBatch> _batches = new();
    private readonly ConcurrentQueue<(LedgerTicket Ticket, Exception? Failure)> _letters = new();
    private readonly object _gate = new();
    private readonly Stack<RecordBatch> _spare = new();
    private readonly RecordTraces _traces = new(observer);
    private RecordBatch _filling = new();
    private bool _isSomeDone;

    /// <summary>Gets whether records wait to be sent on their way.</summary>
    public bool HasSome => _filling.Tickets.Count > 0;

    /// <summary>Takes a record: its events into the batch, or a dead letter on its way.</summary>
    /// <param name="abort">Ends the trying of what was begun.</param>
    public void Take(ConsumeResult<byte[]?, byte[]?> record, LedgerTicket ticket, CancellationToken abort)
    {
        var defect = Read(record);
        if (!defect.IsNone)
        {
            _ = GiveUpAsync(DeadLetter.Of(record, defect, attempts: 1), ticket, abort);
            return;
        }

        _filling.Add(record, ticket);
        if (_filling.Events.Count >= settings.BatchEvents || _filling.Events.TextLength >= BatchText) SendOn(abort);
    }

    /// <summary>Sends what was taken on its way to the judge, where there is any.</summary>
    public void SendOn(CancellationToken abort)
    {
        if (!HasSome) return;
        var batch = _filling;
        _filling = _spare.TryPop(out var spare) ? spare : new RecordBatch();
        // Begun on this thread, so that batches reach the judge in the order of their records.
        _ = JudgeAsync(batch, abort);
    }

    /// <summary>Waits until something is done.</summary>
    public bool WaitForDone(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_isSomeDone) Monitor.Wait(_gate, atMost);
            var isSomeDone = _isSomeDone;
            _isSomeDone = false;
            return isSomeDone;
        }
    }

    /// <summary>Notes in the ledger what is done by now.</summary>
    /// <exception cref="InvalidOperationException">Something ended in a way that must not be: what it was is inside.</exception>
    public void NoteDone(PartitionLedger ledger)
    {
        while (_letters.TryDequeue(out var letter))
        {
            if (letter.Failure is null) ledger.Complete(letter.Ticket);
            else if (letter.Failure is not OperationCanceledException) throw new InvalidOperationException("A dead letter cannot be written.", letter.Failure);
        }

        while (_batches.TryDequeue(out var batch))
        {
            var failure = batch.Failure;
            if (failure is null)
            {
                foreach (var ticket in batch.Tickets) ledger.Complete(ticket);
            }

            batch.Clear();
            _spare.Push(batch);
            if (failure is not (null or OperationCanceledException)) throw new InvalidOperationException("A batch of records broke off.", failure);
        }
    }

    /// <summary>Forgets what was taken and not sent on its way.</summary>
    public void Forget() => _filling.Clear();

    private Defect Read(ConsumeResult<byte[]?, byte[]?> record)
    {
        var schema = RecordHeaders.Find(record.Message.Headers, RecordHeaders.Schema);
        if (schema is not null && !RecordHeaders.KnownSchema.SequenceEqual(schema))
            return new Defect(DefectReason.UnknownSchema, -1, $"the header {RecordHeaders.Schema} names a version that this program does not know; start a newer one");
        if (record.Message.Value is not { } value) return new Defect(DefectReason.Unrecognised, -1, "the record has no value");
        if (value.Length > settings.MaxRecordBytes) return new Defect(DefectReason.LineTooLong, -1, $"{value.Length} bytes, and at most {settings.MaxRecordBytes} are read");
        var mark = _filling.Events.Here;
        var format = schema is null ? formats.Foreign : formats.Collected;
        var parsed = format.Parse(value, new SourcePosition(0, record.Partition.Value, record.Offset.Value), _filling.Events);
        if (parsed is { IsFaulty: false, Added: > 0 })
        {
            _filling.Events.NoteTrace(mark.Count, _traces.Of(record.Message.Headers));
            return default;
        }

        _filling.Events.Rewind(mark);
        return parsed.IsFaulty ? parsed.Defect : new Defect(DefectReason.Unrecognised, -1, "the record tells of nothing");
    }

    private async Task JudgeAsync(RecordBatch batch, CancellationToken abort)
    {
        try
        {
            await judge(batch, abort).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            batch.Failure = failure;
        }

        _batches.Enqueue(batch);
        TellDone();
    }

    private async Task GiveUpAsync(DeadLetter letter, LedgerTicket ticket, CancellationToken abort)
    {
        Exception? ended = null;
        try
        {
            await deadLetters.WriteAsync(letter, abort).ConfigureAwait(false);
            observer.DeadLettered(letter.Partition, letter.Offset, letter.Defect);
        }
        catch (Exception failure)
        {
            ended = failure;
        }

        _letters.Enqueue((ticket, ended));
        TellDone();
    }

    private void TellDone()
    {
        lock (_gate)
        {
            _isSomeDone = true;
            Monitor.PulseAll(_gate);
        }
    }
}
