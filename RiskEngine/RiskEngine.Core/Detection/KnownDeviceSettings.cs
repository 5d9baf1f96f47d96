using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="KnownDeviceDetector"/>, under <c>detection.known_device</c>.</summary>
public sealed record KnownDeviceSettings
{
    /// <summary>Gets the evidence in favour of a device known by its id or to the source.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.6.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1.6;

    /// <summary>Gets the most that a user agent seen before may say in favour.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.</value>
    [Range(0.0, 10.0)]
    public double UserAgentEvidence { get; init; } = 2;
}
