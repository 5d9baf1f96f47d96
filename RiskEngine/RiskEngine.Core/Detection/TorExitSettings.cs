using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="TorExitDetector"/>, under <c>detection.tor_exit</c>.</summary>
public sealed record TorExitSettings
{
    /// <summary>Gets the evidence for a subject that never used Tor.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.95.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1.95;

    /// <summary>Gets accepted logins from such a network that make it the subject's habit.</summary>
    /// <value>1 to 50 logins. The default is 3.</value>
    [Range(1, 50)]
    public int HabitLogins { get; init; } = 3;
}
