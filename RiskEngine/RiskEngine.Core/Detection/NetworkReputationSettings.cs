using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NetworkReputationDetector"/>, under <c>detection.network_reputation</c>.</summary>
public sealed record NetworkReputationSettings
{
    /// <summary>Gets the evidence of a network at −5.</summary>
    /// <value>0 (off) to 10 nats. The default is 0.8.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 0.8;

    /// <summary>Gets the evidence in favour of a network at +5.</summary>
    /// <value>0 (off) to 3 nats. The default is 0.1.</value>
    [Range(0.0, 3.0)]
    public double GoodEvidence { get; init; } = 0.1;

    /// <summary>Gets failures of neighbours that are forgiven; five more are the worst.</summary>
    /// <value>0 to 1000 failures. The default is 5.</value>
    [Range(0.0, 1000.0)]
    public double Tolerance { get; init; } = 5;

    /// <summary>Gets failures forgiven for every success; a success counts once per subject, address and day.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double AllowancePerSuccess { get; init; } = 0.25;
}
