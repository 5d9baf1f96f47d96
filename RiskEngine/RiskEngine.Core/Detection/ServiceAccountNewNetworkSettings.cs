using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="ServiceAccountNewNetworkDetector"/>, under <c>detection.service_account_new_network</c>.</summary>
public sealed record ServiceAccountNewNetworkSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets what another network of a known autonomous system counts.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double NeighbourShare { get; init; } = 0.5;
}
