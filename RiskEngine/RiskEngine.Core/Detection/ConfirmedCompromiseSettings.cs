using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="ConfirmedCompromiseDetector"/>, under <c>detection.confirmed_compromise</c>.</summary>
public sealed record ConfirmedCompromiseSettings
{
    /// <summary>Gets the evidence; at its default even the subject's own device is of high risk until it is settled.</summary>
    /// <value>0 (off) to 10 nats. The default is 7.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 7;

    /// <summary>Gets how long an account stays at risk when nothing settles it.</summary>
    /// <value>1 to 365 days. The default is 30 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);
}
