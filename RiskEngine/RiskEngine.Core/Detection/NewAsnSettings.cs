using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewAsnDetector"/>, under <c>detection.new_asn</c>.</summary>
public sealed record NewAsnSettings
{
    /// <summary>Gets the most that it may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4;

    /// <summary>Gets what a new system counts when it is a mobile carrier.</summary>
    /// <value>0 to 1. The default is 0.6.</value>
    [Range(0.0, 1.0)]
    public double MobileShare { get; init; } = 0.6;
}
