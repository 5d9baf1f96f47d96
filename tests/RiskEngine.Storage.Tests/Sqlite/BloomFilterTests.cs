using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class BloomFilterTests
{
    [Fact]
    public void It_passes_every_id_it_was_given_and_one_in_a_hundred_others_at_most()
    {
        var random = new Random(7);
        var filter = new byte[EventSegment.FilterLength];
        var ids = Enumerable.Range(0, EventSegment.Length).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)).ToArray();
        foreach (var id in ids) BloomFilter.Add(filter, id);
        Assert.All(ids, id => Assert.True(BloomFilter.MayContain(filter, id)));
        var mistaken = Enumerable.Range(0, 100_000).Count(_ => BloomFilter.MayContain(filter, (ulong)random.NextInt64(long.MinValue, long.MaxValue)));
        Assert.InRange(mistaken, 1, 1000);
    }
}
