using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="KnownAddressDetector"/>, under <c>detection.known_address</c>.</summary>
public sealed record KnownAddressSettings
{
    /// <summary>Gets the most that an address used before may say in favour.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets the most that a new address in a network used before may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.5.</value>
    [Range(0.0, 10.0)]
    public double NetworkEvidence { get; init; } = 1.5;

    /// <summary>Gets the most that a new address of an autonomous system used before may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.</value>
    [Range(0.0, 10.0)]
    public double SystemEvidence { get; init; } = 1;

    /// <summary>Gets what an address counts that many people share.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double SharedShare { get; init; } = 0.5;
}
