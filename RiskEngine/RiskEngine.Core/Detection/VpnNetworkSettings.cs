using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="VpnNetworkDetector"/>, under <c>detection.vpn_network</c>.</summary>
public sealed record VpnNetworkSettings
{
    /// <summary>Gets the evidence for a subject that never used a VPN.</summary>
    /// <value>0 (off) to 10 nats. The default is 0.8.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 0.8;

    /// <summary>Gets accepted logins from such a network that make it the subject's habit.</summary>
    /// <value>1 to 50 logins. The default is 3.</value>
    [Range(1, 50)]
    public int HabitLogins { get; init; } = 3;
}
