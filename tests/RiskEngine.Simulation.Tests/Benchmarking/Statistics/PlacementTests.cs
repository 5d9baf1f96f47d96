using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Tests.Benchmarking.Statistics;

public sealed class PlacementTests
{
    private const int Exact = 12;

    /// <summary>Of four honest scores one lies above 0.5 and two are equal to it: 1, (1 − (1/4 + 3/4)/2) and 0 are the attacks' shares of the area.</summary>
    [Fact]
    public void The_area_counts_ties_half() => Assert.Equal((1 + 0.5 + 0) / 3, Figures([0.9f, 0.5f, 0.5f, 0.1f], [1, 0.5f, 0])[FigureRow.Auc], Exact);

    [Fact]
    public void A_threshold_within_equal_scores_catches_its_share_of_them()
    {
        var ranking = new Ranking([0.9f, 0.5f, 0.5f, 0.1f], [0, 1, 2, 3]);
        var placement = new Placement(ranking, [1, 0.5f, 0], [0, 1, 2], []);
        var weights = Ones(4);
        var cumulative = new int[5];
        ranking.Weigh(weights, cumulative);
        Assert.Equal(1 / 3.0, placement.RecallAt(0.25, cumulative, weights), Exact);
        Assert.Equal(1.5 / 3, placement.RecallAt(0.5, cumulative, weights), Exact);
        Assert.Equal(2 / 3.0, placement.RecallAt(0.75, cumulative, weights), Exact);
        Assert.Equal(1, placement.RecallAt(1, cumulative, weights), Exact);
    }

    /// <summary>The first of three attacks costs nothing, the second half of the way from 1/4 to 3/4, the third everybody.</summary>
    [Fact]
    public void Challenges_needed_are_read_off_the_same_curve()
    {
        var row = Figures([0.9f, 0.5f, 0.5f, 0.1f], [1, 0.5f, 0]);
        Assert.Equal(1, row[FigureRow.ChallengesFor], Exact);
        Assert.Equal(0.25 + (0.5 * (1.8 - 1)), Figures([0.9f, 0.5f, 0.5f, 0.1f], [1, 0.5f])[FigureRow.ChallengesFor], Exact);
    }

    [Fact]
    public void A_perfect_scorer_has_all_of_everything()
    {
        var row = Figures([1, 2, 3], [4, 5]);
        Assert.Equal(1, row[FigureRow.Auc], Exact);
        Assert.Equal(1, row[FigureRow.PartialAuc], Exact);
        for (var rate = 0; rate < Operating.Rates.Length; rate++) Assert.Equal(1, row[FigureRow.Recall + rate], Exact);
        Assert.Equal(0, row[FigureRow.ChallengesFor + 1], Exact);
    }

    [Fact]
    public void A_scorer_that_says_the_same_of_everybody_catches_what_it_challenges()
    {
        var row = Figures([7, 7, 7, 7], [7, 7, 7]);
        Assert.Equal(0.5, row[FigureRow.Auc], Exact);
        Assert.Equal(0.005, row[FigureRow.PartialAuc], Exact);
        for (var rate = 0; rate < Operating.Rates.Length; rate++) Assert.Equal(Operating.Rates[rate], row[FigureRow.Recall + rate], Exact);
        Assert.Equal(0.90, row[FigureRow.ChallengesFor], Exact);
        Assert.Equal(0.99, row[FigureRow.ChallengesFor + 1], Exact);
    }

    [Fact]
    public void Who_has_no_score_is_never_challenged_before_all_others_are()
    {
        var row = Figures([1, float.NegativeInfinity], [float.NegativeInfinity, 2]);
        Assert.Equal((1 + 0.25) / 2, row[FigureRow.Auc], Exact);
        Assert.Equal(0.5, row[FigureRow.Recall + 3], Exact);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Weights_are_the_same_as_logins_repeated(int seed)
    {
        var random = new Random(seed);
        var (honest, attacks) = (Scores(random, 60), Scores(random, 25));
        int[] honestOwners = [.. honest.Select(_ => random.Next(20))], attackOwners = [.. attacks.Select(_ => random.Next(20))];
        byte[] weights = [.. Enumerable.Range(0, 20).Select(_ => (byte)random.Next(4))];
        var weighed = Figures(honest, attacks, honestOwners, attackOwners, weights, [0.5f, 0.4f, 0.3f, 0.2f]);
        var repeated = Figures([.. Repeat(honest, honestOwners)], [.. Repeat(attacks, attackOwners)], thresholds: [0.5f, 0.4f, 0.3f, 0.2f]);
        for (var figure = 0; figure < FigureRow.Length; figure++) Assert.Equal(repeated[figure], weighed[figure], 9);

        IEnumerable<float> Repeat(float[] scores, int[] owners) => scores.SelectMany((score, i) => Enumerable.Repeat(score, weights[owners[i]]));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void The_area_is_that_of_all_pairs_compared(int seed)
    {
        var random = new Random(seed);
        var (honest, attacks) = (Scores(random, 40), Scores(random, 30));
        var pairs = attacks.Average(attack => honest.Average(score => attack > score ? 1 : attack == score ? 0.5 : 0));
        Assert.Equal(pairs, Figures(honest, attacks)[FigureRow.Auc], 9);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void A_random_scorer_catches_as_much_as_it_challenges_and_more_challenges_never_catch_less(int seed)
    {
        var random = new Random(seed);
        float[] honest = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextSingle())], attacks = [.. Enumerable.Range(0, 4000).Select(_ => random.NextSingle())];
        var row = Figures(honest, attacks);
        Assert.InRange(row[FigureRow.Auc], 0.48, 0.52);
        for (var rate = 0; rate < Operating.Rates.Length; rate++)
        {
            var share = Operating.Rates[rate];
            var chance = 4 * Math.Sqrt(share * (1 - share) / attacks.Length);
            Assert.InRange(row[FigureRow.Recall + rate], share - chance, share + chance);
            if (rate > 0) Assert.True(row[FigureRow.Recall + rate] >= row[FigureRow.Recall + rate - 1]);
        }
    }

    [Fact]
    public void Without_weight_there_is_no_figure()
    {
        Assert.All(Figures([1, 2], [], []), figure => Assert.True(double.IsNaN(figure)));
        Assert.All(Figures([1], [2], [0], [1], [0, 1], []), figure => Assert.True(double.IsNaN(figure)));
    }

    private static byte[] Ones(int count) => [.. Enumerable.Repeat((byte)1, count)];

    /// <summary>Of few values, so that many are equal.</summary>
    private static float[] Scores(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(10) / 10f)];

    private static double[] Figures(float[] honest, float[] attacks, float[]? thresholds = null) => Figures(
        honest, attacks, [.. Enumerable.Range(0, honest.Length)], [.. Enumerable.Range(0, attacks.Length)], Ones(Math.Max(honest.Length, attacks.Length)), thresholds ?? []);

    private static double[] Figures(float[] honest, float[] attacks, int[] honestOwners, int[] attackOwners, byte[] weights, float[] thresholds)
    {
        var ranking = new Ranking(honest, honestOwners);
        var cumulative = new int[ranking.Count + 1];
        ranking.Weigh(weights, cumulative);
        var row = new double[FigureRow.Length];
        new Placement(ranking, attacks, attackOwners, thresholds).Measure(cumulative, weights, row);
        return row;
    }
}
