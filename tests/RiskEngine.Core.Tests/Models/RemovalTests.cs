using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>Taking a part out of a count that it was added to.</summary>
public sealed class RemovalTests
{
    private const float Day = 86_400;

    [Theory, InlineData(0), InlineData(3600), InlineData(200_000)]
    public void What_was_added_to_both_is_taken_out_again_whenever_that_is(uint later)
    {
        DecayedMass whole = default, part = default;
        for (uint i = 0; i < 20; i++)
        {
            part.Add(1000 + i, 1, Day);
            whole.Add(1000 + i, 1, Day);
            whole.Add(1000 + i, 2, Day);
        }

        whole.Add(1019 + later, 5, Day);
        var expected = whole.Value - part.At(whole.AsOf, Day);
        whole.Remove(part, Day);
        Assert.Equal(expected, whole.Value, 0.001);
    }

    [Fact]
    public void A_count_does_not_fall_below_nothing()
    {
        DecayedMass whole = default, part = default;
        part.Add(1000, 3, Day);
        whole.Add(1000, 1, Day);
        whole.Remove(part, Day);
        Assert.Equal(0, whole.Value);
        new DecayedMass().Remove(part, Day);
    }

    [Fact]
    public void Names_of_the_part_go_and_most_of_the_others_stay()
    {
        const uint Epoch = 1000;
        DistinctSketch whole = default, part = default;
        for (ulong i = 0; i < 12; i++)
        {
            whole.Add(Mix(i), 1500, Epoch);
            if (i < 6) part.Add(Mix(i), 1500, Epoch);
        }

        whole.Add(Mix(100), 2500, Epoch);
        whole.Remove(part);
        Assert.InRange(whole.Count(2500, Epoch), 4, 8);
        Assert.InRange(part.Count(1500, Epoch), 5, 7);
    }

    private static ulong Mix(ulong value)
    {
        value = (value + 1) * 0x9E3779B97F4A7C15UL;
        return value ^ (value >> 29);
    }
}
