using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Benchmarking.Fitting;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Runs the contestants over generated streams, one for each seed, and measures each and all of them pooled.</summary>
/// <param name="settings">Those of the engine; its files of facts are not used, as the stream has a world of its own.</param>
/// <param name="progress">Told what is going on, in a few words.</param>
internal sealed class GeneratedBenchmark(RiskEngineSettings settings, EvaluationSettings evaluation, Action<string> progress)
{
    /// <summary>
    /// Signals whose weights are not fitted to a generated stream: how good a list is depends on the list, and that of the stream is made up; of campaigns and
    /// of what happens to accounts it has next to nothing. What it teaches is what novelty counts. What the network of a first login says stays too: it is set so
    /// that one threshold serves newcomers, of whom few attackers are fitted on, and everybody else.
    /// </summary>
    private static readonly SignalCode[] Kept = [.. SignalCatalogue.All.Where(signal => signal.Group != SignalGroup.Novelty || signal.Code == SignalCode.RareFirstNetwork).Select(signal => signal.Code)];

    /// <summary>Gets the parts that the engine is also measured without; null for all.</summary>
    public IReadOnlyCollection<string>? Parts { get; init; }

    /// <summary>Gets the version of the model that was judged by.</summary>
    public string ModelVersion { get; private set; } = "";

    /// <summary>Judges the streams once by the engine alone and fits weights to what it saw in the first part of the time.</summary>
    public async Task<FusionFitResult> FitAsync(UserAgentChurn churn, int subjects, IReadOnlyList<int> seeds, CancellationToken cancellation)
    {
        var fit = new FitCollector(AttackFamilies.Names);
        foreach (var seed in seeds)
        {
            var traffic = new BenchmarkTraffic(new BenchmarkSettings { Seed = seed, Subjects = subjects, Churn = churn });
            await using var engine = new EngineContestant(Contestants.Engine, settings, StreamFacts.Of(traffic), fit: fit);
            await RunAsync(traffic.Cases(), [engine], engine, count => progress($"{NameOf(churn)} churn, seed {seed}, to fit on: {count:N0} logins"), cancellation);
        }

        progress($"{NameOf(churn)} churn: fitting");
        return WeightsFit.Run(fit, settings, Kept);
    }

    /// <param name="refitted">Weights to compare those that the settings name with; null for none.</param>
    public async Task<StreamReport> RunAsync(UserAgentChurn churn, int subjects, IReadOnlyList<int> seeds, WeightsFile? refitted, CancellationToken cancellation)
    {
        List<ScoredStream> streams = [];
        List<PopulationReport> reports = [];
        List<CheckReport> checks = [];
        foreach (var seed in seeds)
        {
            var watch = new StreamWatch(seed, churn);
            streams.Add(await RunAsync(new BenchmarkSettings { Seed = seed, Subjects = subjects, Churn = churn }, refitted, watch, cancellation));
            progress($"{NameOf(churn)} churn, seed {seed}: auditing the stream");
            checks.AddRange(watch.Results());
            if (seeds.Count == 1) break;
            progress($"{NameOf(churn)} churn, seed {seed}: measuring");
            reports.Add(Evaluation.Run(streams[^1], evaluation, seed));
        }

        progress($"{NameOf(churn)} churn: measuring all seeds together");
        return new StreamReport(NameOf(churn), Evaluation.Run(seeds.Count == 1 ? streams[0] : ScoredStream.Pool(streams), evaluation), reports, checks);
    }

    private static string NameOf(UserAgentChurn churn) => churn == UserAgentChurn.Realistic ? "realistic" : "rba";

    private static Task<ScoredStream> RunAsync(
        IEnumerable<BenchmarkCase> cases, IReadOnlyList<IContestant> contestants, EngineContestant engine, Action<long> progress, CancellationToken cancellation) => StreamRun.RunAsync(
            StreamParser.Parse(cases, new FormatContext { Hash = engine.Hash, Clock = new FixedClock() }), AttackFamilies.Names, contestants, progress, cancellation);

    private async Task<ScoredStream> RunAsync(BenchmarkSettings stream, WeightsFile? refitted, StreamWatch watch, CancellationToken cancellation)
    {
        var traffic = new BenchmarkTraffic(stream);
        var contestants = Contestants.Create(settings, StreamFacts.Of(traffic), stream.Seed, refitted, Parts);
        var engine = contestants.OfType<EngineContestant>().First();
        ModelVersion = engine.ModelVersion;
        try
        {
            return await RunAsync(watch.Over(traffic.Cases()), contestants, engine, count => progress($"{NameOf(stream.Churn)} churn, seed {stream.Seed}: {count:N0} logins"), cancellation);
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }
}
