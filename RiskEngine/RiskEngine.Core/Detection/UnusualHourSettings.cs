using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="UnusualHourDetector"/>, under <c>detection.unusual_hour</c>.</summary>
public sealed record UnusualHourSettings
{
    /// <summary>Gets the evidence of an hour at which the subject never logs in.</summary>
    /// <value>0 (off) to 10 nats. The default is 0.9.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 0.9;

    /// <summary>Gets the evidence in favour of the subject's busiest hours.</summary>
    /// <value>0 to 10 nats. The default is 0.1.</value>
    [Range(0.0, 10.0)]
    public double UsualEvidence { get; init; } = 0.1;
}
