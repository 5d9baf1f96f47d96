using RiskEngine.Core.Decisions;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Core.State;

namespace RiskEngine.Testing;

public static partial class Some
{
    /// <summary>An engine that knows nothing of the outside world, with its default settings.</summary>
    /// <param name="policy">Its policy; null for the default one, enforced.</param>
    /// <param name="subscriptions">Who wants to hear of its decisions; null for nobody.</param>
    /// <param name="detectors">Its detectors; null for all.</param>
    public static Engine Engine(KeyedHash hash, CompiledPolicy? policy = null, IReadOnlyList<IDetector>? detectors = null, SafetyValveSettings? valve = null, IReadOnlyList<IOutboxSubscription>? subscriptions = null) => new(
        new Snapshot
        {
            Detectors = detectors ?? Detectors.From(new DetectionSettings()),
            Scorer = new Scorer(new ScoringSettings()),
            Policy = policy ?? CompiledPolicy.Compile(DefaultPolicy.Definition with { Mode = PolicyMode.Enforce }),
            Facts = FactSnapshot.Empty,
            ModelVersion = "test",
            Valve = valve ?? new SafetyValveSettings(),
            Subscriptions = subscriptions ?? [],
        },
        hash,
        []);
}
