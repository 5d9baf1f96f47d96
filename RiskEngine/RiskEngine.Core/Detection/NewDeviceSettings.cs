using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewDeviceDetector"/>, under <c>detection.new_device</c>.</summary>
public sealed record NewDeviceSettings
{
    /// <summary>Gets the most that it may say.</summary>
    /// <value>0 (off) to 10 nats. The default is 5.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 5;

    /// <summary>Gets the evidence of a new device id for a subject whose devices have ids.</summary>
    /// <value>0 to 10 nats. The default is 1.3.</value>
    [Range(0.0, 10.0)]
    public double IdEvidence { get; init; } = 1.3;

    /// <summary>Gets the evidence of the source's word that it does not know the device.</summary>
    /// <value>0 to 10 nats. The default is 0.65.</value>
    [Range(0.0, 10.0)]
    public double SourceEvidence { get; init; } = 0.65;
}
