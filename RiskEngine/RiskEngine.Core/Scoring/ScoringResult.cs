using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>What the signals of one login come to.</summary>
/// <param name="LogOdds">Prior plus all contributions, in nats; finite.</param>
/// <param name="Score">The same as a score.</param>
/// <param name="Level">The level its thresholds give.</param>
/// <param name="Count">Signals listed in the output.</param>
/// <param name="Dropped">Signals left out because their evidence was no usable number: a fault of a detector, to be counted.</param>
public readonly record struct ScoringResult(double LogOdds, RiskScore Score, RiskLevel Level, int Count, int Dropped);
