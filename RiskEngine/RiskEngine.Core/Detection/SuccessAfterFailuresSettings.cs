using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="SuccessAfterFailuresDetector"/>, under <c>detection.success_after_failures</c>.</summary>
public sealed record SuccessAfterFailuresSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets failures from this address on this subject that are ordinary.</summary>
    /// <value>1 to 1000 failures, fading by half each day. The default is 5.</value>
    [Range(1.0, 1000.0)]
    public double MinimumFailures { get; init; } = 5;

    /// <summary>Gets failing names from this address that are ordinary.</summary>
    /// <value>1 to 100 names in six to twelve hours. The default is 5.</value>
    [Range(1.0, 100.0)]
    public double MinimumNames { get; init; } = 5;

    /// <summary>Gets failures on this subject from other addresses that are ordinary.</summary>
    /// <value>1 to 10000 failures. The default is 10.</value>
    [Range(1.0, 10000.0)]
    public double MinimumFailuresElsewhere { get; init; } = 10;

    /// <summary>Gets failing names that are ordinary for every established subject.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double NamesPerSubject { get; init; } = 0.25;

    /// <summary>Gets the multiple of the minimum at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 3.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 3;

    /// <summary>Gets how long after the last failure a burst still matters.</summary>
    /// <value>One minute to one day. The default is one hour.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);
}
