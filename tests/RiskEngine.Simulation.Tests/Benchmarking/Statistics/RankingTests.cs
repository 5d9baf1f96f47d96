using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Tests.Benchmarking.Statistics;

public sealed class RankingTests
{
    private static readonly Ranking Ten = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [.. Enumerable.Range(0, 10)]);

    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(0.19, 10)]
    [InlineData(0.2, 9)]
    [InlineData(1, 1)]
    public void A_threshold_challenges_no_more_than_it_may(double rate, float expected) => Assert.Equal(expected, Ten.ThresholdFor(rate));

    [Fact]
    public void Where_not_even_the_worst_may_be_challenged_the_threshold_is_out_of_reach() => Assert.Equal(float.PositiveInfinity, Ten.ThresholdFor(0.09));

    [Fact]
    public void Equal_scores_are_challenged_together_or_not_at_all()
    {
        var ranking = new Ranking([1, 1, 1, 0], [0, 1, 2, 3]);
        Assert.Equal(float.PositiveInfinity, ranking.ThresholdFor(0.5));
        Assert.Equal(1, ranking.ThresholdFor(0.75));
    }

    [Theory]
    [InlineData(11, 0, 0)]
    [InlineData(10, 0, 1)]
    [InlineData(5.5, 5, 5)]
    [InlineData(0, 10, 10)]
    public void A_score_is_placed_among_its_betters_and_equals(float score, int above, int atLeast) => Assert.Equal((above, atLeast), Ten.Place(score));
}
