using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="LookAlikeDetector"/>, under <c>detection.look_alike</c>.</summary>
public sealed record LookAlikeSettings
{
    /// <summary>Gets the evidence of a new account named like a service account.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets what it counts when the other account is a person's: people do have similar names.</summary>
    /// <value>0 to 1. The default is 0.7.</value>
    [Range(0.0, 1.0)]
    public double PersonShare { get; init; } = 0.7;

    /// <summary>Gets how long an account is new.</summary>
    /// <value>One to 90 days. The default is 14 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "90.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(14);
}
