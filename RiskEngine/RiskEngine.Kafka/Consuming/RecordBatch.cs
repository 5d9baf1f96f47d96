using Confluent.Kafka;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Consuming;

/// <summary>Events of some records and the records themselves, which are wanted again where one cannot be judged.</summary>
/// <remarks>Not thread-safe: the consumer owns it while it fills it, and whoever judges it until done.</remarks>
public sealed class RecordBatch
{
    private readonly List<ConsumeResult<byte[]?, byte[]?>> _records = [];

    public EventBatch Events { get; private set; } = new();

    internal List<LedgerTicket> Tickets { get; } = [];

    /// <summary>Gets why it could not be judged; null where it was.</summary>
    internal Exception? Failure { get; set; }

    internal void Add(ConsumeResult<byte[]?, byte[]?> record, LedgerTicket ticket)
    {
        _records.Add(record);
        Tickets.Add(ticket);
    }

    internal void Clear()
    {
        // One long text would make it large for good.
        if (Events.TextCapacity > 4 * 1024 * 1024) Events = new EventBatch();
        Events.Clear();
        _records.Clear();
        Tickets.Clear();
        Failure = null;
    }

    /// <summary>The dead letter of a record of this batch that cannot be judged.</summary>
    /// <param name="attempts">How often it was tried.</param>
    public DeadLetter LetterFor(in SourcePosition position, int attempts)
    {
        var (partition, offset) = (position.Partition, position.Offset);
        var record = _records.Find(record => record.Partition.Value == partition && record.Offset.Value == offset)
            ?? throw new ArgumentException("There is no such record in the batch.", nameof(position));
        return DeadLetter.Of(record, new Defect(DefectReason.Unjudgeable, -1, "judging it fails; please report this"), attempts);
    }
}
