using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NetworkSprayDetector"/>, under <c>detection.network_spray</c>.</summary>
public sealed record NetworkSpraySettings
{
    /// <summary>Gets the evidence of a spraying /24 or /48.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2.5;

    /// <summary>Gets the evidence of a spraying autonomous system.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.5.</value>
    [Range(0.0, 10.0)]
    public double AsnEvidence { get; init; } = 1.5;

    /// <summary>Gets failing names of neighbours that are ordinary for any network.</summary>
    /// <value>1 to 500 names in six to twelve hours. The default is 15.</value>
    [Range(1.0, 500.0)]
    public double MinimumNames { get; init; } = 15;

    /// <summary>Gets failing names that are ordinary for any autonomous system.</summary>
    /// <value>1 to 500 names in six to twelve hours. The default is 80.</value>
    [Range(1.0, 500.0)]
    public double MinimumAsnNames { get; init; } = 80;

    /// <summary>Gets failing names that are ordinary for every established subject.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double NamesPerSubject { get; init; } = 0.25;

    /// <summary>Gets the multiple of the minimum at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 3.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 3;

    /// <summary>Gets what is said of a login that something familiar vouches for.</summary>
    /// <value>0 to 1. The default is 0.3.</value>
    [Range(0.0, 1.0)]
    public double FamiliarShare { get; init; } = 0.3;
}
