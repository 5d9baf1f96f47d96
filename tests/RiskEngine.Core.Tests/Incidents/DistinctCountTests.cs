using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

public sealed class DistinctCountTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(DistinctCount.ExactLimit)]
    public void Few_things_are_counted_exactly_however_often_they_come(int things)
    {
        var count = Count(0, things, times: 3);
        Assert.True(count.IsExact);
        Assert.Equal(things, count.Count);
    }

    [Theory, InlineData(DistinctCount.ExactLimit + 1), InlineData(1_000), InlineData(2_560), InlineData(20_000), InlineData(1_000_000)]
    public void Many_things_are_counted_within_a_tenth(int things)
    {
        var count = Count(0, things, times: 1);
        Assert.False(count.IsExact);
        Assert.InRange(count.Count, things * 0.9, things * 1.1);
    }

    [Theory, InlineData(50, 50), InlineData(100, 100), InlineData(100, 5_000), InlineData(5_000, 100), InlineData(5_000, 5_000)]
    public void Two_counts_make_what_one_of_all_would_be(int left, int right)
    {
        var count = Count(0, left, times: 1);
        count.Add(Count(left / 2, right, times: 1));
        var all = Math.Min(Count(0, Math.Max(left, (left / 2) + right), times: 2).Count, left + right);
        Assert.InRange(count.Count, all * 0.99, all * 1.01);
    }

    private static DistinctCount Count(int first, int things, int times)
    {
        var count = new DistinctCount();
        for (var i = 0; i < things * times; i++) count.Add((ulong)(first + (i % things)));
        return count;
    }
}
