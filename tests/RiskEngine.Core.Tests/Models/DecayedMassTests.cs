using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class DecayedMassTests
{
    private const float HalfLife = 100;

    [Fact]
    public void A_count_halves_every_half_life()
    {
        var mass = new DecayedMass();
        mass.Add(1000, 4, HalfLife);
        Assert.Equal((4f, 2f, 1f), (mass.At(1000, HalfLife), mass.At(1100, HalfLife), mass.At(1200, HalfLife)));
    }

    [Fact]
    public void The_order_of_additions_does_not_matter()
    {
        uint[] times = [1000, 1500, 1010, 1300, 1250];
        var (forward, backward) = (new DecayedMass(), new DecayedMass());
        foreach (var time in times) forward.Add(time, 1, HalfLife);
        foreach (var time in times.Reverse()) backward.Add(time, 1, HalfLife);
        Assert.Equal(forward.At(1600, HalfLife), backward.At(1600, HalfLife), 5);
    }

    [Fact]
    public void A_time_before_the_newest_addition_sees_the_value_undiminished()
    {
        var mass = new DecayedMass();
        mass.Add(1000, 3, HalfLife);
        Assert.Equal(3, mass.At(500, HalfLife));
    }
}
