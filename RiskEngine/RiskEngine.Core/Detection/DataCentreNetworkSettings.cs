using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="DataCentreNetworkDetector"/>, under <c>detection.data_centre_network</c>.</summary>
public sealed record DataCentreNetworkSettings
{
    /// <summary>Gets the evidence for a subject that never logged in from a data centre.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.2.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1.2;

    /// <summary>Gets accepted logins from such a network that make it the subject's habit.</summary>
    /// <value>1 to 50 logins. The default is 3.</value>
    [Range(1, 50)]
    public int HabitLogins { get; init; } = 3;
}
