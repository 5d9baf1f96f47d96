using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="AutomatedUserAgentDetector"/>, under <c>detection.automated_user_agent</c>.</summary>
public sealed record AutomatedUserAgentSettings
{
    /// <summary>Gets the evidence for a well-known subject.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2;

    /// <summary>Gets what it counts at least, for subjects without history.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double UnknownSubjectShare { get; init; } = 0.5;
}
