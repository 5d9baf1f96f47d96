using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking.Statistics;

public sealed class BootstrapTests
{
    private const int Subjects = 120, Draws = 150, Trials = 150;

    /// <summary>Where attacks lie one standard deviation above honest logins the area is Φ(1/√2).</summary>
    private const double TrueArea = 0.7602;

    /// <summary>Logins of one subject are alike here, so that drawing logins one by one would give intervals that are too narrow.</summary>
    [Fact]
    public void Nineteen_of_twenty_intervals_hold_the_true_area()
    {
        var held = Enumerable.Range(1, Trials).Count(trial =>
        {
            var stream = AlikeSubjects(new Random(trial));
            var selection = Selection.Of(stream, BenchmarkSplit.Test, HistoryRange.Known);
            var sample = Sample.OfContestant(stream, selection, 0, []);
            var area = Bootstrap.Run([sample], Enumerable.Range(0, Subjects), Subjects, Draws, trial).Of(0, Sample.RowOf(0) + FigureRow.Auc);
            return area.Low <= TrueArea && TrueArea <= area.High;
        });
        Assert.InRange((double)held / Trials, 0.88, 0.99);
    }

    [Fact]
    public void Equal_seeds_draw_alike_and_others_do_not()
    {
        byte[] Draw(int seed)
        {
            var weights = new byte[50];
            new ClusterBootstrap(seed, Enumerable.Range(0, 50)).Draw(weights);
            return weights;
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.Equal(50, Draw(1).Sum(weight => weight));
    }

    [Fact]
    public void Only_subjects_that_are_there_are_drawn()
    {
        var weights = new byte[10];
        var clusters = new ClusterBootstrap(1, [3, 7, 7]);
        clusters.TakeAll(weights);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1, 0, 0], weights);
        clusters.Draw(weights);
        Assert.Equal(2, weights[3] + weights[7]);
        Assert.Equal(2, weights.Sum(weight => weight));
    }

    [Fact]
    public void An_interval_is_between_the_percentiles_and_leaves_out_what_is_no_number()
    {
        var estimate = Estimate.Of(50, Enumerable.Range(0, 1001).Select(i => i / 10.0).Append(double.NaN));
        Assert.Equal((50, 2.5, 97.5), (estimate.Value, Math.Round(estimate.Low, 9), Math.Round(estimate.High, 9)));
        Assert.True(double.IsNaN(Estimate.Of(1, [double.NaN]).Low));
    }

    private static ScoredStream AlikeSubjects(Random random)
    {
        var stream = new ScoredStream(["one"], ["naive"]);
        for (var subject = 0; subject < Subjects; subject++)
        {
            var own = Normal(random) * Math.Sqrt(0.5);
            for (var login = 0; login < 4; login++) stream.Add(Case.Of(subject, login + 1), [own + (Normal(random) * Math.Sqrt(0.5))]);
            var victim = Normal(random) * Math.Sqrt(0.5);
            for (var attack = 0; attack < 2; attack++) stream.Add(Case.Of(subject, 5, family: 0), [1 + victim + (Normal(random) * Math.Sqrt(0.5))]);
        }

        return stream;
    }

    /// <summary>Box and Muller (1958).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
