using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Decisions;

public sealed class BlockDurationTests
{
    private static readonly BlockDefaults Exact = new() { Jitter = 0 };

    [Theory, InlineData(0, 4), InlineData(0.4, 4), InlineData(0.6, 8), InlineData(1, 8), InlineData(2, 16), InlineData(5, 128), InlineData(6, 168), InlineData(1000, 168)]
    public void Each_earlier_block_doubles_the_next_up_to_the_cap(float earlier, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), BlockDuration.Of(TimeSpan.FromHours(4), Exact, earlier, "e"u8));

    [Fact]
    public void Jitter_is_repeatable_within_its_bounds_and_spread()
    {
        var first = TimeSpan.FromHours(4);
        var durations = Enumerable.Range(0, 1000).Select(i => BlockDuration.Of(first, new(), 0, Encoding.ASCII.GetBytes($"event-{i}"))).ToList();
        Assert.Equal(durations, Enumerable.Range(0, 1000).Select(i => BlockDuration.Of(first, new(), 0, Encoding.ASCII.GetBytes($"event-{i}"))));
        Assert.All(durations, duration => Assert.InRange(duration, first, first * 1.1));
        Assert.InRange(durations.Average(duration => duration / first), 1.045, 1.055);
        Assert.True(durations.Distinct().Count() > 990);
    }

    [Fact]
    public void Jitter_comes_on_top_of_the_cap() =>
        Assert.InRange(BlockDuration.Of(TimeSpan.FromHours(4), new(), 20, "e"u8), TimeSpan.FromDays(7), TimeSpan.FromDays(7.7));
}
