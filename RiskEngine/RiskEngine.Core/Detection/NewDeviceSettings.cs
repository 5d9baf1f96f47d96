using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="NewDeviceDetector"/>, under <c>detection.new_device</c>.</summary>
public sealed record NewDeviceSettings
{
    /// <summary>Gets the evidence of a platform never seen before.</summary>
    /// <value>0 (off) to 10 nats. The default is 2.6.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 2.6;

    /// <summary>Gets what a new browser on a known operating system counts.</summary>
    /// <value>0 to 1. The default is 0.6.</value>
    [Range(0.0, 1.0)]
    public double BrowserShare { get; init; } = 0.6;

    /// <summary>Gets what a new device id on a known platform counts.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double IdShare { get; init; } = 0.5;

    /// <summary>Gets what the source's word alone counts.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double SourceShare { get; init; } = 0.25;
}
