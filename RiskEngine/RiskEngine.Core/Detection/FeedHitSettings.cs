using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="FeedHitDetector"/>, under <c>detection.feed_hit</c>.</summary>
public sealed record FeedHitSettings
{
    /// <summary>Gets the most that all hits together may say, in either direction.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.</value>
    [Range(0.0, 10.0)]
    public double MaximumEvidence { get; init; } = 4;

    /// <summary>Gets what is added for the natural logarithm of the number of lists.</summary>
    /// <value>0 (the number does not matter) to 3 nats. The default is 0.5: ten lists add 1.15.</value>
    [Range(0.0, 3.0)]
    public double EvidencePerLogList { get; init; } = 0.5;

    /// <summary>Gets what each further feed counts, relative to the one before.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double FurtherShare { get; init; } = 0.5;
}
