using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewCountryDetector"/>, under <c>detection.new_country</c>.</summary>
public sealed record NewCountrySettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.4.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2.4;

    /// <summary>Gets what a new country counts through a VPN, from a data centre, or in an autonomous system the subject knows.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double HiddenShare { get; init; } = 0.5;

    /// <summary>Gets the least weight of novelty here, for a subject seen once: how seldom people change countries is known of all people.</summary>
    /// <value>0 to 1. The default is 0.6.</value>
    [Range(0.0, 1.0)]
    public double LeastWeight { get; init; } = 0.6;
}
