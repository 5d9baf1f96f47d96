using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="UnusualApplicationDetector"/>, under <c>detection.unusual_application</c>.</summary>
public sealed record UnusualApplicationSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 0.7.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 0.7;
}
