using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class DistinctSketchTests
{
    private const uint Epoch = 3600;
    private const uint Start = 100 * Epoch;

    [Theory, InlineData(0, 0), InlineData(5, 1), InlineData(20, 3), InlineData(100, 20), InlineData(250, 75)]
    public void An_estimate_is_near_the_truth(int things, float tolerance) => Assert.InRange(Of(things).Count(Start, Epoch), things - tolerance, things + tolerance);

    [Fact]
    public void The_same_thing_counts_once()
    {
        var sketch = new DistinctSketch();
        for (var i = 0; i < 100; i++) sketch.Add(77, Start, Epoch);
        Assert.Equal(1, sketch.Count(Start, Epoch), 0.05f);
    }

    [Fact]
    public void More_than_can_be_counted_is_the_cap() => Assert.Equal(620, Of(20_000).Count(Start, Epoch));

    [Fact]
    public void A_thing_is_remembered_through_the_next_epoch_and_no_longer()
    {
        var sketch = Of(10);
        Assert.True(sketch.Count(Start + (2 * Epoch) - 1, Epoch) > 8);
        Assert.Equal(0, sketch.Count(Start + (2 * Epoch), Epoch));
    }

    [Fact]
    public void A_late_thing_counts_in_its_own_epoch_and_a_very_late_one_not_at_all()
    {
        var sketch = Of(1);
        sketch.Add(5, Start - 1, Epoch);
        sketch.Add(6, Start - (2 * Epoch), Epoch);
        Assert.Equal(2, sketch.Count(Start, Epoch), 0.05f);
        Assert.Equal(1, sketch.Count(Start + Epoch, Epoch), 0.05f);
    }

    private static DistinctSketch Of(int things)
    {
        var random = new Random(4);
        var sketch = new DistinctSketch();
        for (var i = 0; i < things; i++) sketch.Add((ulong)random.NextInt64(), Start, Epoch);
        return sketch;
    }
}
