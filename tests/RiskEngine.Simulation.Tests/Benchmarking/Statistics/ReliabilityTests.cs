using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking.Statistics;

public sealed class ReliabilityTests
{
    private static readonly double Prior = Math.Log(0.01 / 0.99);

    [Fact]
    public void Who_always_says_one_in_a_hundred_is_reliable_and_useless()
    {
        var figures = Measure(honest: [Prior, Prior], attacks: [Prior]);
        Assert.Equal(0, figures.CalibrationError, 6);
        Assert.Equal(0.01 * 0.99, figures.Brier, 6);
    }

    /// <summary>Honest logins weigh 0.99 and are called half likely: 0.99 · 0.5 too much; attacks weigh 0.01 and are called half likely: 0.01 · 0.5 too little.</summary>
    [Fact]
    public void Who_always_says_one_in_two_is_off_by_what_is_missing()
    {
        var figures = Measure(honest: [0, 0, 0], attacks: [0]);
        Assert.Equal(0.49, figures.CalibrationError, 6);
        Assert.Equal(0.25, figures.Brier, 6);
        var bin = Assert.Single(figures.Bins, bin => bin.Mass > 0);
        Assert.Equal((0.5, 0.01), (Math.Round(bin.Predicted, 6), Math.Round(bin.Observed, 6)));
    }

    [Fact]
    public void Who_knows_is_without_error()
    {
        var figures = Measure(honest: [-50, -50], attacks: [50]);
        Assert.Equal(0, figures.CalibrationError, 6);
        Assert.Equal(0, figures.Brier, 6);
    }

    [Fact]
    public void The_perfect_mimic_does_not_count()
    {
        var stream = new ScoredStream(["one"], [AttackFamilies.Mimic]);
        stream.Add(Case.Of(0, 1), [0]);
        stream.Add(Case.Of(0, 1, family: 0), [0]);
        Assert.Null(Reliability.Measure(stream, Selection.Of(stream, BenchmarkSplit.Test, HistoryRange.Known), 0));
    }

    private static ReliabilityFigures Measure(double[] honest, double[] attacks)
    {
        var stream = new ScoredStream(["one"], ["naive"]);
        foreach (var score in honest) stream.Add(Case.Of(0, 1), [score]);
        foreach (var score in attacks) stream.Add(Case.Of(0, 1, family: 0), [score]);
        return Reliability.Measure(stream, Selection.Of(stream, BenchmarkSplit.Test, HistoryRange.Known), 0)!;
    }
}
