using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking.Reporting;

public sealed class EvaluationTests
{
    private static readonly EvaluationSettings Settings = new()
    {
        Engine = "engine", Reference = "reference", Foil = "foil", Examined = ["engine", "reference"], Calibrated = ["engine"], Draws = 60,
    };

    [Fact]
    public void Whoever_is_the_oracle_closes_the_whole_gap_and_the_reference_none_of_it()
    {
        Assert.Equal(1, Evaluation.Run(Stream(engine: Source.Oracle), Settings).Gaps.Single().Closed.Value, 12);
        var none = Evaluation.Run(Stream(engine: Source.Reference), Settings).Gaps.Single();
        Assert.Equal((0, 0, 0), (none.Closed.Value, none.Closed.Low, none.Closed.High));
    }

    [Fact]
    public void There_is_no_gap_to_close_where_the_oracle_knows_nothing()
    {
        var gap = Evaluation.Run(Stream(engine: Source.Oracle, oracle: _ => 0), Settings).Gaps.Single();
        Assert.True(double.IsNaN(gap.Closed.Value));
    }

    [Fact]
    public void A_threshold_frozen_on_one_part_is_held_to_on_the_next()
    {
        var report = Evaluation.Run(Stream(engine: Source.Oracle), Settings);
        var engine = report.Contestants.First(contestant => contestant.Name == "engine");
        Assert.InRange(engine.Realised[3].Value, 0.07, 0.13);
        Assert.InRange(engine.Families[0].FrozenRecall[3].Value, engine.Families[0].Recall[3].Value - 0.1, engine.Families[0].Recall[3].Value + 0.1);
    }

    [Fact]
    public void First_logins_stand_apart()
    {
        var report = Evaluation.Run(Stream(engine: Source.Oracle), Settings);
        var counts = report.ColdStart.Where(cold => cold.Contestant == "engine").ToDictionary(cold => cold.History, cold => cold.Honest);
        Assert.Equal(counts["all"], counts["0"] + counts["1 to 4"] + counts["5 or more"]);
        Assert.Equal(report.Honest, counts["all"] - counts["0"]);
        Assert.True(counts["0"] > 0);
    }

    [Fact]
    public void A_pool_holds_every_login_and_nobody_twice()
    {
        var streams = new[] { Stream(Source.Oracle, seed: 1), Stream(Source.Oracle, seed: 2) };
        var pooled = Evaluation.Run(ScoredStream.Pool(streams), Settings);
        var single = streams.Select(stream => Evaluation.Run(stream, Settings)).ToList();
        Assert.Equal(single.Sum(report => report.Honest), pooled.Honest);
        Assert.Equal(single.Sum(report => report.Subjects), pooled.Subjects);
        var (low, high) = (single.Min(Area), single.Max(Area));
        Assert.InRange(Area(pooled), low - 0.02, high + 0.02);

        static double Area(PopulationReport report) => report.Contestants.First(contestant => contestant.Name == "engine").Families[0].Auc.Value;
    }

    /// <summary>Of the reference with what the oracle sees added, and of the oracle without it: the same is won and lost.</summary>
    [Fact]
    public void A_part_is_worth_what_is_lost_without_it_and_an_addition_what_is_gained_with_it()
    {
        var part = Evaluation.Run(Stream(engine: Source.Oracle), Settings with { Variants = ["reference"] }).Worth.Single();
        var addition = Evaluation.Run(Stream(engine: Source.Oracle), Settings with { Engine = "reference", Additions = ["engine"], Calibrated = [] }).Worth.Single();
        Assert.True(part.IsEarned && part.Families[0].Gained.Low > 0.05, $"{part.Families[0].Gained}");
        Assert.Equal(part.Families[0].Gained, addition.Families[0].Gained);
        Assert.False(Evaluation.Run(Stream(engine: Source.Oracle), Settings with { Additions = ["reference"] }).Worth.Single().IsEarned);
    }

    [Fact]
    public void A_contestant_that_is_not_there_is_refused() =>
        Assert.Throws<ArgumentException>(() => Evaluation.Run(Stream(Source.Oracle), Settings with { Foil = "nobody" }));

    private enum Source
    {
        Oracle,
        Reference,
    }

    /// <summary>Two hundred subjects of forty logins; an attack for one login in four. The oracle sees twice as far as the reference, the foil nothing.</summary>
    private static ScoredStream Stream(Source engine, Func<double, double>? oracle = null, int seed = 1)
    {
        var random = new Random(seed);
        var stream = new ScoredStream(["engine", "reference", "foil"], ["naive"]);
        for (var login = 0; login < 40; login++)
        {
            for (var subject = 0; subject < 200; subject++)
            {
                if (random.Next(4) == 0) Add(subject, login, family: 0);
                Add(subject, login, family: -1);
            }
        }

        return stream;

        void Add(int subject, int login, int family)
        {
            var (strong, weak) = (random.NextDouble() + (family < 0 ? 0 : 0.8), random.NextDouble() + (family < 0 ? 0 : 0.4));
            var split = (subject % 4) switch { 0 => BenchmarkSplit.Train, 1 => BenchmarkSplit.Validation, _ => BenchmarkSplit.Test };
            stream.Add(Case.Of(subject, login, family, split, oracle: [(float)(oracle?.Invoke(strong) ?? strong)]), [engine == Source.Oracle ? (float)strong : weak, weak, subject % 10 == 0 ? 1 : 0]);
        }
    }
}
