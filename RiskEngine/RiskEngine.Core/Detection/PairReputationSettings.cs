using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="PairReputationDetector"/>, under <c>detection.pair_reputation</c>.</summary>
public sealed record PairReputationSettings
{
    /// <summary>Gets the evidence of a pair at −5.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.2.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1.2;

    /// <summary>Gets the evidence in favour of a pair at +5.</summary>
    /// <value>0 (off) to 3 nats. The default is 0.4.</value>
    [Range(0.0, 3.0)]
    public double GoodEvidence { get; init; } = 0.4;

    /// <summary>Gets failures that are forgiven; five more are the worst.</summary>
    /// <value>0 to 100 failures. The default is 3.</value>
    [Range(0.0, 100.0)]
    public double Tolerance { get; init; } = 3;
}
