using System.ComponentModel.DataAnnotations;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class HalfSpaceForestTests
{
    private static readonly HalfSpaceSettings Small = new() { Dimensions = 3, Trees = 15, Depth = 8, Window = 200 };

    [Fact]
    public void A_point_far_from_all_others_is_more_alone_and_its_feature_says_why()
    {
        var forest = Taught(400);
        Span<double> parts = stackalloc double[3];
        var near = forest.Score([0.3f, 0.3f, 0.3f]);
        var far = forest.Score([0.3f, 0.95f, 0.3f], parts);
        Assert.True(far > near + 1, $"{near} {far}");
        Assert.True(parts[1] > parts[0] && parts[1] > parts[2], $"{parts[0]} {parts[1]} {parts[2]}");
    }

    [Fact]
    public void The_parts_add_up_to_the_whole()
    {
        var forest = Taught(400);
        var random = new Random(3);
        var parts = new double[3];
        for (var i = 0; i < 200; i++) Assert.Equal(forest.Score(Any(random), parts), parts.Sum(), 9);
    }

    [Fact]
    public void Until_a_window_is_full_it_says_nothing()
    {
        Assert.Equal(0, Taught(199).Score([0.9f, 0.9f, 0.9f]));
        Assert.NotEqual(0, Taught(200).Score([0.9f, 0.9f, 0.9f]));
    }

    [Fact]
    public void What_becomes_usual_stops_being_alone_when_a_window_is_full_of_it()
    {
        var forest = Taught(400);
        float[] moved = [0.9f, 0.9f, 0.9f];
        var before = forest.Score(moved);
        for (var i = 0; i < 199; i++) forest.Learn(moved);
        Assert.Equal(before, forest.Score(moved));
        forest.Learn(moved);
        Assert.True(forest.Score(moved) < before - 1);
    }

    [Fact]
    public void A_second_run_and_one_that_was_saved_and_loaded_give_the_same_bits()
    {
        var (one, two) = (Taught(500), Taught(300));
        var stored = new byte[two.StoredLength];
        two.Save(stored);
        var again = new HalfSpaceForest(Small);
        Assert.True(again.Load(stored));
        var random = Points();
        for (var i = 0; i < 500; i++)
        {
            var point = Any(random);
            if (i >= 300) again.Learn(point);
        }

        var asked = new Random(9);
        for (var i = 0; i < 300; i++)
        {
            var point = Any(asked);
            Assert.Equal(BitConverter.DoubleToInt64Bits(one.Score(point)), BitConverter.DoubleToInt64Bits(again.Score(point)));
        }
    }

    [Fact]
    public void Another_seed_cuts_space_in_another_way() =>
        Assert.NotEqual(Taught(400).Score([0.7f, 0.1f, 0.9f]), Taught(400, Small with { Seed = 2 }).Score([0.7f, 0.1f, 0.9f]));

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity), InlineData(-1e30f), InlineData(float.Epsilon), InlineData(1e30f)]
    public void Whatever_a_feature_holds_the_answer_is_a_number_within_bounds(float value)
    {
        var forest = Taught(300);
        for (var i = 0; i < 300; i++) forest.Learn([value, value, value]);
        Assert.InRange(forest.Score([value, 0.5f, value]), -Math.Log(401) - 8, Math.Log(401));
        Assert.InRange(forest.Score([0.1f, value, 0.1f]), -Math.Log(401) - 8, Math.Log(401));
    }

    [Fact]
    public void What_is_torn_of_another_shape_or_does_not_add_up_is_refused_and_counts_nothing()
    {
        var stored = new byte[Taught(300).StoredLength];
        Taught(300).Save(stored);
        foreach (var damage in new Action<byte[]>[] { bytes => bytes[0]++, bytes => bytes[4]++, bytes => bytes[14]++, bytes => bytes[20]++, bytes => bytes[24] = 0, bytes => bytes[^1]++, bytes => bytes[40] = 0xFF })
        {
            var bytes = stored.ToArray();
            damage(bytes);
            var forest = Taught(400);
            Assert.False(forest.Load(bytes));
            Assert.Equal(0, forest.Score([0.9f, 0.9f, 0.9f]));
        }

        Assert.False(new HalfSpaceForest(Small).Load(stored.AsSpan(1)));
        Assert.False(new HalfSpaceForest(Small with { Window = 201 }).Load(stored));
        Assert.True(new HalfSpaceForest(Small).Load(stored));
    }

    [Theory]
    [InlineData(0, 15, 8, 200), InlineData(33, 15, 8, 200), InlineData(3, 0, 8, 200), InlineData(3, 101, 8, 200), InlineData(3, 15, 0, 200), InlineData(3, 15, 15, 200), InlineData(3, 15, 8, 15), InlineData(3, 15, 8, 60_001)]
    public void A_shape_outside_of_its_bounds_is_refused(int dimensions, int trees, int depth, int window) =>
        Assert.Throws<ValidationException>(() => new HalfSpaceForest(new HalfSpaceSettings { Dimensions = dimensions, Trees = trees, Depth = depth, Window = window }));

    [Fact]
    public void A_point_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Taught(10).Score([0.1f]));
        Assert.Throws<ArgumentException>(() => Taught(10).Learn([0.1f]));
    }

    private static HalfSpaceForest Taught(int points, HalfSpaceSettings? settings = null)
    {
        var forest = new HalfSpaceForest(settings ?? Small);
        var random = Points();
        for (var i = 0; i < points; i++) forest.Learn(Any(random));
        return forest;
    }

    private static Random Points() => new(1);

    private static float[] Any(Random random) => [0.2f + (0.2f * random.NextSingle()), 0.2f + (0.2f * random.NextSingle()), random.NextSingle()];
}
