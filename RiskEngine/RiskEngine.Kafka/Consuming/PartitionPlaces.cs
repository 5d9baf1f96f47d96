using Confluent.Kafka;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Kafka.Consuming;

/// <summary>Where each partition that we have began, and up to where it is done with.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class PartitionPlaces(string topic, PartitionLedger ledger)
{
    /// <summary>Stands for the first record that there is.</summary>
    private const long Beginning = -1;

    private readonly Dictionary<int, long> _begun = [];
    private readonly Dictionary<int, long> _done = [];

    /// <summary>Gets how many partitions there are.</summary>
    public int Count => ledger.Partitions.Count;

    /// <summary>Gets the records in hand.</summary>
    public int Outstanding => ledger.Outstanding;

    /// <summary>Whether anything of these partitions is in hand.</summary>
    public bool IsBusy(IEnumerable<int> partitions) => partitions.Any(partition => ledger.OutstandingOf(partition) > 0);

    public void Open(IEnumerable<int> partitions)
    {
        foreach (var partition in partitions) ledger.Open(partition);
    }

    public void Close(IEnumerable<int> partitions)
    {
        foreach (var partition in partitions)
        {
            ledger.Close(partition);
            _begun.Remove(partition);
            _done.Remove(partition);
        }
    }

    /// <summary>Notes where partitions that came will begin to be read, for the lag of those of which nothing was read yet.</summary>
    public void Begin(IEnumerable<TopicPartitionOffset> committed)
    {
        foreach (var place in committed) _begun[place.Partition.Value] = place.Offset.IsSpecial ? Beginning : place.Offset.Value;
    }

    /// <summary>Gives all of them up.</summary>
    public void CloseAll() => Close([.. ledger.Partitions]);

    public LedgerTicket Take(ConsumeResult<byte[]?, byte[]?> record)
    {
        var (partition, offset) = (record.Partition.Value, record.Offset.Value);
        if (_begun.GetValueOrDefault(partition, Beginning) == Beginning) _begun[partition] = offset;
        return ledger.Take(partition, offset);
    }

    /// <summary>The places that have moved since the last time.</summary>
    public List<TopicPartitionOffset> Advance()
    {
        List<TopicPartitionOffset> moved = [];
        foreach (var partition in ledger.Partitions)
        {
            if (!ledger.TryAdvance(partition, out var next)) continue;
            _done[partition] = next;
            moved.Add(At(partition, next));
        }

        return moved;
    }

    /// <summary>Up to where these partitions are done with; those of which nothing is are left out.</summary>
    public List<TopicPartitionOffset> Done(IEnumerable<int> partitions) => [.. partitions.Where(_done.ContainsKey).Select(partition => At(partition, _done[partition]))];

    /// <summary>Records behind what is done with.</summary>
    /// <param name="ends">Says where a partition begins and ends; of one that was not fetched yet it does not know, and that one is left out.</param>
    public long Lag(Func<TopicPartition, WatermarkOffsets> ends)
    {
        long lag = 0;
        foreach (var (partition, begun) in _begun)
        {
            var known = ends(new TopicPartition(topic, new Partition(partition)));
            var from = _done.GetValueOrDefault(partition, begun);
            if (from == Beginning) from = known.Low.Value;
            if (!known.High.IsSpecial && from >= 0) lag += Math.Max(0, known.High.Value - from);
        }

        return lag;
    }

    private TopicPartitionOffset At(int partition, long next) => new(topic, new Partition(partition), new Offset(next));
}
