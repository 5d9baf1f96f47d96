using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Runs the contestants over generated streams, one for each seed, and measures each and all of them pooled.</summary>
/// <param name="settings">Those of the engine; its files of facts are not used, as the stream has a world of its own.</param>
/// <param name="progress">Told what is going on, in a few words.</param>
internal sealed class GeneratedBenchmark(RiskEngineSettings settings, EvaluationSettings evaluation, Action<string> progress)
{
    /// <summary>Gets the version of the model that was judged by.</summary>
    public string ModelVersion { get; private set; } = "";

    public async Task<StreamReport> RunAsync(UserAgentChurn churn, int subjects, IReadOnlyList<int> seeds, CancellationToken cancellation)
    {
        List<ScoredStream> streams = [];
        List<PopulationReport> reports = [];
        List<CheckReport> checks = [];
        foreach (var seed in seeds)
        {
            var watch = new StreamWatch(seed, churn);
            streams.Add(await RunAsync(new BenchmarkSettings { Seed = seed, Subjects = subjects, Churn = churn }, watch, cancellation));
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

    private async Task<ScoredStream> RunAsync(BenchmarkSettings stream, StreamWatch watch, CancellationToken cancellation)
    {
        var traffic = new BenchmarkTraffic(stream);
        var contestants = Contestants.Create(settings, StreamFacts.Of(traffic), stream.Seed);
        var engine = contestants.OfType<EngineContestant>().First();
        ModelVersion = engine.ModelVersion;
        try
        {
            var context = new FormatContext { Hash = engine.Hash, Clock = new FixedClock() };
            return await StreamRun.RunAsync(
                StreamParser.Parse(watch.Over(traffic.Cases()), context), AttackFamilies.Names, contestants,
                count => progress($"{NameOf(stream.Churn)} churn, seed {stream.Seed}: {count:N0} logins"), cancellation);
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }
}
