using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="KnownAddressDetector"/>, under <c>detection.known_address</c>.</summary>
public sealed record KnownAddressSettings
{
    /// <summary>Gets the evidence in favour of an address used before.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1;

    /// <summary>Gets the evidence in favour of a new address in a network used before.</summary>
    /// <value>0 (off) to 10 nats. The default is 0.4.</value>
    [Range(0.0, 10.0)]
    public double NetworkEvidence { get; init; } = 0.4;

    /// <summary>Gets what an address counts that many people share.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double SharedShare { get; init; } = 0.5;
}
