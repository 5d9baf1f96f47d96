using FsCheck;
using FsCheck.Fluent;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Core.Tests.Pipeline;

public sealed class PartitionLedgerTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private readonly PartitionLedger _ledger = new();

    [Fact]
    public void A_partition_is_acknowledged_up_to_its_first_record_that_is_not_done()
    {
        _ledger.Open(3);
        LedgerTicket[] tickets = [.. new long[] { 10, 11, 15 }.Select(offset => _ledger.Take(3, offset))];
        _ledger.Complete(tickets[1]);
        Assert.False(_ledger.TryAdvance(3, out _));
        _ledger.Complete(tickets[0]);
        Assert.True(_ledger.TryAdvance(3, out var next));
        Assert.Equal((12, 1), (next, _ledger.OutstandingOf(3)));
        _ledger.Complete(tickets[2]);
        Assert.True(_ledger.TryAdvance(3, out next));
        Assert.Equal((16, 0), (next, _ledger.Outstanding));
        Assert.False(_ledger.TryAdvance(3, out _));
    }

    [Fact]
    public void What_was_taken_before_a_partition_went_counts_for_nothing_when_it_is_back()
    {
        _ledger.Open(0);
        var before = _ledger.Take(0, 100);
        _ledger.Close(0);
        _ledger.Complete(before);
        Assert.False(_ledger.TryAdvance(0, out _));
        _ledger.Open(0);
        var after = _ledger.Take(0, 100);
        _ledger.Complete(before);
        Assert.False(_ledger.TryAdvance(0, out _));
        Assert.Equal(1, _ledger.Outstanding);
        _ledger.Complete(after);
        Assert.True(_ledger.TryAdvance(0, out var next));
        Assert.Equal(101, next);
    }

    [Fact]
    public void Done_twice_is_done_once()
    {
        _ledger.Open(0);
        var (first, second) = (_ledger.Take(0, 1), _ledger.Take(0, 2));
        _ledger.Complete(first);
        _ledger.Complete(first);
        Assert.Equal(1, _ledger.Outstanding);
        _ledger.TryAdvance(0, out _);
        _ledger.Complete(first);
        Assert.Equal(1, _ledger.Outstanding);
        _ledger.Complete(second);
        Assert.True(_ledger.TryAdvance(0, out var next));
        Assert.Equal(3, next);
    }

    [Fact]
    public void A_partition_that_is_not_ours_takes_nothing() => Assert.Throws<InvalidOperationException>(() => _ledger.Take(0, 1));

    [Fact]
    public void Offsets_have_to_rise()
    {
        _ledger.Open(0);
        _ledger.Take(0, 5);
        Assert.Throws<InvalidOperationException>(() => _ledger.Take(0, 5));
    }

    /// <summary>Any order of takings, endings and rebalances, held against a list that knows everything.</summary>
    [Fact]
    public void Nothing_is_acknowledged_before_all_that_comes_before_it_is_done() =>
        Check.One(Many, Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), steps =>
        {
            var ledger = new PartitionLedger();
            var model = new Model();
            foreach (var step in steps) model.Step(ledger, step);
            model.FinishAll(ledger);
            return true;
        }));

    /// <summary>The same by brute force. Throws where the ledger says something else.</summary>
    private sealed class Model
    {
        private const int Partitions = 3;

        private readonly List<Record> _records = [];
        private readonly bool[] _isOpen = new bool[Partitions];
        private readonly int[] _epochs = new int[Partitions];
        private readonly long[] _offsets = new long[Partitions];
        private readonly long[] _acknowledged = new long[Partitions];

        public void Step(PartitionLedger ledger, int step)
        {
            var choice = new Random(step);
            var partition = choice.Next(Partitions);
            switch (choice.Next(10))
            {
                case 0: Open(ledger, partition); break;
                case 1: Close(ledger, partition); break;
                case < 6: Take(ledger, partition, 1 + choice.Next(3)); break;
                default: Complete(ledger, choice); break;
            }

            Compare(ledger);
        }

        public void FinishAll(PartitionLedger ledger)
        {
            foreach (var record in _records) Complete(ledger, record);
            Compare(ledger);
            Assert.Equal(0, ledger.Outstanding);
            foreach (var last in _records.Where(IsCurrent).GroupBy(record => record.Partition)) Assert.Equal(last.Max(record => record.Offset) + 1, _acknowledged[last.Key]);
        }

        private void Open(PartitionLedger ledger, int partition)
        {
            ledger.Open(partition);
            _isOpen[partition] = true;
            _epochs[partition]++;
            _acknowledged[partition] = 0;
        }

        private void Close(PartitionLedger ledger, int partition)
        {
            ledger.Close(partition);
            _isOpen[partition] = false;
        }

        private void Take(PartitionLedger ledger, int partition, int by)
        {
            if (!_isOpen[partition]) return;
            var offset = _offsets[partition] += by;
            _records.Add(new Record(partition, _epochs[partition], offset, ledger.Take(partition, offset)));
        }

        private void Complete(PartitionLedger ledger, Random choice)
        {
            if (_records.Count > 0) Complete(ledger, _records[choice.Next(_records.Count)]);
        }

        private static void Complete(PartitionLedger ledger, Record record)
        {
            ledger.Complete(record.Ticket);
            record.IsDone = true;
        }

        private bool IsCurrent(Record record) => _isOpen[record.Partition] && record.Epoch == _epochs[record.Partition];

        private void Compare(PartitionLedger ledger)
        {
            var current = _records.Where(IsCurrent).ToList();
            Assert.Equal(current.Count(record => !record.IsDone), ledger.Outstanding);
            for (var partition = 0; partition < Partitions; partition++)
            {
                var mine = current.Where(record => record.Partition == partition).ToList();
                var due = mine.TakeWhile(record => record.IsDone).LastOrDefault()?.Offset + 1 ?? 0;
                Assert.Equal(due > _acknowledged[partition], ledger.TryAdvance(partition, out var next));
                if (due <= _acknowledged[partition]) continue;
                Assert.Equal(due, next);
                _acknowledged[partition] = due;
            }
        }

        private sealed record Record(int Partition, int Epoch, long Offset, LedgerTicket Ticket)
        {
            public bool IsDone { get; set; }
        }
    }
}
