namespace RiskEngine.Core.Pipeline;

/// <summary>Which records of a partitioned source are done with, and up to where each partition may therefore be acknowledged.</summary>
/// <remarks>
/// <para>
/// Records are taken in the order of their offsets and finish in any order. A partition is acknowledged up to its first record that is not done, so a crash
/// repeats records and never skips one. It never goes back.
/// </para>
/// <para>
/// A partition that was given up (<see cref="Close"/>) acknowledges nothing any more: tickets from before count for nothing, also when the partition
/// comes back. Pure; not thread-safe.
/// </para>
/// </remarks>
public sealed class PartitionLedger
{
    private readonly Dictionary<int, Page> _pages = [];
    private int _epoch;

    /// <summary>Gets the records that were taken and are not done, of the partitions that are open.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Gets the partitions that are open.</summary>
    public IReadOnlyCollection<int> Partitions => _pages.Keys;

    /// <summary>The records of one partition that were taken and are not done; zero where it is not open.</summary>
    public int OutstandingOf(int partition) => _pages.TryGetValue(partition, out var page) ? page.Outstanding : 0;

    /// <summary>Opens a partition. One that is open begins anew.</summary>
    public void Open(int partition)
    {
        Close(partition);
        _pages[partition] = new Page(++_epoch);
    }

    /// <summary>Gives a partition up. One that is not open is no fault.</summary>
    public void Close(int partition)
    {
        if (_pages.Remove(partition, out var page)) Outstanding -= page.Outstanding;
    }

    /// <summary>Notes that a record is in hand.</summary>
    /// <param name="offset">Its offset: higher than those taken before of this partition, not always by one.</param>
    /// <exception cref="InvalidOperationException">The partition is not open, or the offset does not rise.</exception>
    public LedgerTicket Take(int partition, long offset)
    {
        if (!_pages.TryGetValue(partition, out var page)) throw new InvalidOperationException($"Partition {partition} is not open.");
        Outstanding++;
        return new LedgerTicket(partition, page.Epoch, page.Take(offset));
    }

    /// <summary>Notes that a record is done with: its effects are durable, or its dead letter is. Saying so twice is no fault.</summary>
    public void Complete(LedgerTicket ticket)
    {
        if (_pages.TryGetValue(ticket.Partition, out var page) && page.Epoch == ticket.Epoch && page.Complete(ticket.Number)) Outstanding--;
    }

    /// <summary>Up to where a partition may be acknowledged, where that has moved since it was last asked.</summary>
    /// <param name="next">Offset of the first record that is not acknowledged, as Kafka counts: one more than the last that is.</param>
    public bool TryAdvance(int partition, out long next)
    {
        next = -1;
        return _pages.TryGetValue(partition, out var page) && page.TryAdvance(out next);
    }

    /// <summary>The records of one partition since it was opened, from the first that is not acknowledged.</summary>
    private sealed class Page(int epoch)
    {
        private readonly Queue<long> _offsets = new();
        private readonly HashSet<long> _done = [];
        private long _first;
        private long _last = -1;

        public int Epoch => epoch;

        public int Outstanding => _offsets.Count - _done.Count;

        public long Take(long offset)
        {
            if (offset <= _last) throw new InvalidOperationException($"Offset {offset} does not come behind {_last}.");
            _last = offset;
            _offsets.Enqueue(offset);
            return _first + _offsets.Count - 1;
        }

        public bool Complete(long number) => number >= _first && number < _first + _offsets.Count && _done.Add(number);

        public bool TryAdvance(out long next)
        {
            next = -1;
            while (_done.Remove(_first))
            {
                next = _offsets.Dequeue() + 1;
                _first++;
            }

            return next >= 0;
        }
    }
}

/// <summary>Stands for one record that was taken, see <see cref="PartitionLedger"/>.</summary>
/// <param name="Epoch">Number of the opening of the partition under which it was taken.</param>
/// <param name="Number">Which one it is since then.</param>
public readonly record struct LedgerTicket(int Partition, int Epoch, long Number);
