using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Benchmarking.Datasets;
using RiskEngine.Host.Benchmarking.Fitting;
using RiskEngine.Host.Composition;
using RiskEngine.Simulation.Benchmarking.Reporting;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Runs the contestants over somebody's own labelled file, with the facts that the settings name. Writes nothing and keeps nothing.</summary>
internal sealed class FileBenchmark(RiskEngineSettings settings, EvaluationSettings evaluation, Action<string> progress)
{
    private const int Seed = 1;

    /// <summary>Gets the parts that the engine is also measured without; null for all.</summary>
    public IReadOnlyCollection<string>? Parts { get; init; }

    /// <summary>Gets the version of the model that was judged by.</summary>
    public string ModelVersion { get; private set; } = "";

    /// <summary>Gets the records that gave no event.</summary>
    public int Rejected { get; private set; }

    /// <summary>Judges the file once by the engine alone and fits weights to what it saw in the first part of the time.</summary>
    /// <exception cref="Cli.CommandFailure">The file cannot be measured on, or has too few attacks to fit anything to.</exception>
    public async Task<FusionFitResult> FitAsync(string path, CancellationToken cancellation)
    {
        using var facts = EngineParts.LoadFacts(settings, _ => { });
        await using var parser = new EngineContestant(Contestants.Engine, settings, facts.Snapshot);
        var dataset = Open(path, parser);
        var fit = new FitCollector(dataset.Families);
        await using var engine = new EngineContestant(Contestants.Engine, settings, facts.Snapshot, fit: fit);
        await StreamRun.RunAsync(dataset.Cases(facts.Snapshot), dataset.Families, [engine], count => progress($"{Path.GetFileName(path)}, to fit on: {count:N0} logins"), cancellation);
        return WeightsFit.Run(fit, settings, []);
    }

    private Dataset Open(string path, EngineContestant engine)
    {
        progress($"{Path.GetFileName(path)}: looking through it");
        return Dataset.Open(path, new FormatContext { Hash = engine.Hash, Clock = TimeProvider.System, FutureTolerance = TimeSpan.FromHours(24), Zone = TimeProvider.System.LocalTimeZone });
    }

    /// <param name="refitted">Weights to compare those that the settings name with; null for none.</param>
    /// <exception cref="Cli.CommandFailure">The file cannot be measured on.</exception>
    public async Task<StreamReport> RunAsync(string path, WeightsFile? refitted, CancellationToken cancellation)
    {
        using var facts = EngineParts.LoadFacts(settings, message => Console.Error.WriteLine(message));
        var contestants = Contestants.Create(settings, facts.Snapshot, Seed, refitted, Parts);
        try
        {
            var engine = contestants.OfType<EngineContestant>().First();
            ModelVersion = engine.ModelVersion;
            var name = Path.GetFileName(path);
            var dataset = Open(path, engine);
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
