using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="DormantAccountDetector"/>, under <c>detection.dormant_account</c>.</summary>
public sealed record DormantAccountSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets how long an account may rest.</summary>
    /// <value>7 to 3650 days. The default is 90 days.</value>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Minimum { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets how many times the subject's usual rest it must be, where that is longer.</summary>
    /// <value>1 to 1,000. The default is 3.</value>
    [Range(1.0, 1000.0)]
    public double Rhythms { get; init; } = 3;

    /// <summary>Gets the multiple of that time at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 3.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 3;
}
