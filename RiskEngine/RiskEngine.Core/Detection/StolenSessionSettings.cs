using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="StolenSessionDetector"/>, under <c>detection.stolen_session</c>.</summary>
public sealed record StolenSessionSettings
{
    /// <summary>Gets the evidence of another device in another network than the session began with.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4.5;

    /// <summary>Gets what another device in the same network counts: a cookie copied within the house.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double DeviceShare { get; init; } = 0.5;

    /// <summary>Gets what the same device in another country counts: a VPN switched on, mostly.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double CountryShare { get; init; } = 0.25;
}
