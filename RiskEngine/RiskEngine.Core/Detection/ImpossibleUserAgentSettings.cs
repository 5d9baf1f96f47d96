using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="ImpossibleUserAgentDetector"/>, under <c>detection.impossible_user_agent</c>.</summary>
public sealed record ImpossibleUserAgentSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2;
}
