using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="PasswordSprayDetector"/>, under <c>detection.password_spray</c>.</summary>
public sealed record PasswordSpraySettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 5;

    /// <summary>Gets failing names that are ordinary for any address; above them evidence rises.</summary>
    /// <value>1 to 100 names in six to twelve hours. The default is 5.</value>
    [Range(1.0, 100.0)]
    public double MinimumNames { get; init; } = 5;

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
