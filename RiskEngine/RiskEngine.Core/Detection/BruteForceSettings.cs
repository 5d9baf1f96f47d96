using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="BruteForceDetector"/>, under <c>detection.brute_force</c>.</summary>
public sealed record BruteForceSettings
{
    /// <summary>Gets the evidence of guessing from this very address.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4;

    /// <summary>Gets the evidence of guessing from elsewhere.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.</value>
    [Range(0.0, 10.0)]
    public double ElsewhereEvidence { get; init; } = 2;

    /// <summary>Gets failures from this address that are ordinary; above them evidence rises.</summary>
    /// <value>1 to 1000 failures, fading by half each day. The default is 5.</value>
    [Range(1.0, 1000.0)]
    public double MinimumFailures { get; init; } = 5;

    /// <summary>Gets failures from elsewhere that are ordinary.</summary>
    /// <value>1 to 10000 failures, fading by half each day. The default is 10.</value>
    [Range(1.0, 10000.0)]
    public double MinimumFailuresElsewhere { get; init; } = 10;

    /// <summary>Gets the multiple of the minimum at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 4.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 4;
}
