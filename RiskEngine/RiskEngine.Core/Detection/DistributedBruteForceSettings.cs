using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="DistributedBruteForceDetector"/>, under <c>detection.distributed_brute_force</c>.</summary>
public sealed record DistributedBruteForceSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets failing addresses that are ordinary; above them evidence rises.</summary>
    /// <value>1 to 500 addresses in six to twelve hours. The default is 5.</value>
    [Range(1.0, 500.0)]
    public double MinimumAddresses { get; init; } = 5;

    /// <summary>Gets the multiple of the minimum at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 4.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 4;
}
