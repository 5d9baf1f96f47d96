using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="MfaFatigueDetector"/>, under <c>detection.mfa_fatigue</c>.</summary>
public sealed record MfaFatigueSettings
{
    /// <summary>Gets the evidence at its strongest.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3.5;

    /// <summary>Gets failed second factors that are ordinary: codes mistyped, a telephone in another room.</summary>
    /// <value>1 to 100 failures, fading by half every ten minutes. The default is 3.5.</value>
    [Range(1.0, 100.0)]
    public double MinimumFailures { get; init; } = 3.5;

    /// <summary>Gets the multiple of the minimum at which the evidence is full.</summary>
    /// <value>1.1 to 100. The default is 2.5.</value>
    [Range(1.1, 100.0)]
    public double Growth { get; init; } = 2.5;
}
