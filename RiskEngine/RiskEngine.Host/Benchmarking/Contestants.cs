using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Benchmarking.Isolation;
using RiskEngine.Simulation.Benchmarking.Baselines;
using RiskEngine.Simulation.Benchmarking.Reporting;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Who is compared, in the order in which reports list them.</summary>
internal static class Contestants
{
    public const string Engine = "RiskEngine", Refitted = "RiskEngine refitted", Isolation = "half-space trees";

    /// <summary>The engine with an unsupervised model added.</summary>
    private const string WithIsolation = "with half-space trees";

    /// <summary>What a nat of isolation counts beside the engine's evidence: chosen on seeds 11 to 13, of which nothing is told.</summary>
    private const double IsolationWeight = 0.25;

    /// <summary>Gets what an evaluation makes of them.</summary>
    public static EvaluationSettings Evaluation { get; } = new()
    {
        Engine = Engine,
        Reference = FreemanBaseline.Plain,
        Foil = "new country",
        Examined = ["new country", "rare network", Isolation, FreemanBaseline.Plain, FreemanBaseline.WithReputation, Engine],
        Variants = [.. EngineVariants.All.Select(variant => variant.Name)],
        Additions = [WithIsolation],
        Calibrated = [Engine],
    };

    /// <summary>Fresh ones for one stream.</summary>
    /// <param name="seed">What the random baseline draws from.</param>
    /// <param name="refitted">Weights to compare those that the settings name with; null for none.</param>
    /// <param name="parts">Parts to measure the engine without (<see cref="EngineVariants.Parts"/>); null for all of them, and for what may be added.</param>
    public static IReadOnlyList<IContestant> Create(RiskEngineSettings settings, FactSnapshot facts, int seed, WeightsFile? refitted = null, IReadOnlyCollection<string>? parts = null) =>
    [
        .. BaselineList.Create(seed).Select(baseline => new BaselineContestant(baseline)),
        new IsolationContestant(),
        new BaselineContestant(new FreemanBaseline(hasReputation: false)),
        new BaselineContestant(new FreemanBaseline(hasReputation: true)),
        new EngineContestant(Engine, settings, facts),
        .. refitted is null ? Array.Empty<IContestant>() : [new EngineContestant(Refitted, settings, facts, refitted)],
        .. EngineVariants.Without(parts ?? EngineVariants.Parts).Select(variant => new EngineContestant(variant.Name, variant.Change(settings), facts, variant.Weights)),
        .. parts is null ? [new EngineWithIsolation(WithIsolation, new EngineContestant(WithIsolation, settings, facts), IsolationWeight)] : Array.Empty<IContestant>(),
    ];
}
