using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>
/// Strengths and thresholds of <see cref="ChangeAfterRiskyLoginDetector"/>, under <c>detection.factor_after_risky_login</c> and
/// <c>detection.password_after_risky_login</c>.
/// </summary>
public sealed record ChangeAfterRiskyLoginSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3, and 4 for a new factor.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets how long after a risky login it still belongs to it.</summary>
    /// <value>Five minutes to 7 days. The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets the score of the login from which the evidence is full; from the threshold of low risk on it is half.</summary>
    /// <value>1 to 100. The default is 20.</value>
    [Range(1.0, 100.0)]
    public double FullScore { get; init; } = 20;
}
