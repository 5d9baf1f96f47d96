using RiskEngine.Core.Decisions;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Everything that judging depends on beside the events and the state: immutable, named by its versions.</summary>
public sealed record Snapshot
{
    /// <summary>Gets the detectors in the order they are asked.</summary>
    public required IReadOnlyList<IDetector> Detectors { get; init; }

    public required Scorer Scorer { get; init; }

    /// <summary>Gets the model of what is usual for a subject, which detectors of novelty ask.</summary>
    public LikelihoodModel Likelihood { get; init; } = new(new LikelihoodSettings());

    public required CompiledPolicy Policy { get; init; }

    public required FactSnapshot Facts { get; init; }

    /// <summary>Gets the version of detectors and weights: a short hash of their settings.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Gets when the fleet as a whole counts as under attack.</summary>
    public FleetSettings Fleet { get; init; } = new();

    /// <summary>Gets what responders want to hear of. They judge nothing, so they are no part of any version.</summary>
    public IReadOnlyList<IOutboxSubscription> Subscriptions { get; init; } = [];

    /// <summary>Gets how many people automated blocks may hit before they are held.</summary>
    public SafetyValveSettings Valve { get; init; } = new();
}
