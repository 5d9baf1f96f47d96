using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="PhishingResistantFactorDetector"/>, under <c>detection.phishing_resistant_factor</c>.</summary>
public sealed record PhishingResistantFactorSettings
{
    /// <summary>Gets the evidence in favour of a login with such a factor.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2.5;
}
