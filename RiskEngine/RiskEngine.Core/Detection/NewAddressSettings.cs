using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewAddressDetector"/>, under <c>detection.new_address</c>.</summary>
public sealed record NewAddressSettings
{
    /// <summary>Gets the most that it may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4;

    /// <summary>Gets what a new address counts on a mobile carrier.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double MobileShare { get; init; } = 0.5;
}
