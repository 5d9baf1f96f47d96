using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Benchmarking.Datasets;
using RiskEngine.Host.Composition;
using RiskEngine.Simulation.Benchmarking.Reporting;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Runs the contestants over somebody's own labelled file, with the facts that the settings name. Writes nothing and keeps nothing.</summary>
internal sealed class FileBenchmark(RiskEngineSettings settings, EvaluationSettings evaluation, Action<string> progress)
{
    private const int Seed = 1;

    /// <summary>Gets the version of the model that was judged by.</summary>
    public string ModelVersion { get; private set; } = "";

    /// <summary>Gets the records that gave no event.</summary>
    public int Rejected { get; private set; }

    /// <exception cref="Cli.CommandFailure">The file cannot be measured on.</exception>
    public async Task<StreamReport> RunAsync(string path, CancellationToken cancellation)
    {
        using var facts = EngineParts.LoadFacts(settings, message => Console.Error.WriteLine(message));
        var contestants = Contestants.Create(settings, facts.Snapshot, Seed);
        try
        {
            var engine = contestants.OfType<EngineContestant>().First();
            ModelVersion = engine.ModelVersion;
            var name = Path.GetFileName(path);
            progress($"{name}: looking through it");
            var context = new FormatContext { Hash = engine.Hash, Clock = TimeProvider.System, FutureTolerance = TimeSpan.FromHours(24), Zone = TimeProvider.System.LocalTimeZone };
            var dataset = Dataset.Open(path, context);
            Rejected = dataset.Rejected.Count;
            var scored = await StreamRun.RunAsync(dataset.Cases(facts.Snapshot), dataset.Families, contestants, count => progress($"{name}: {count:N0} logins"), cancellation);
            progress($"{name}: measuring");
            return new StreamReport(name, Evaluation.Run(scored, evaluation), [], []);
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }
}
