using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="ReactivatedAccountDetector"/>, under <c>detection.reactivated_account</c>.</summary>
public sealed record ReactivatedAccountSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2;

    /// <summary>Gets how long after its reactivation an account is watched.</summary>
    /// <value>One hour to 90 days. The default is 7 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(7);
}
