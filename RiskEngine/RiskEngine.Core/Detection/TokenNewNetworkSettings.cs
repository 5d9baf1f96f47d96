using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="TokenNewNetworkDetector"/>, under <c>detection.token_new_network</c>.</summary>
public sealed record TokenNewNetworkSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2.5;
}
