using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewCountryDetector"/>, under <c>detection.new_country</c>.</summary>
public sealed record NewCountrySettings
{
    /// <summary>Gets the most that it may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4;

    /// <summary>Gets what a new country counts through a VPN or from a data centre.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double HiddenShare { get; init; } = 0.5;
}
