using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths of <see cref="FleetAttackDetector"/>, under <c>detection.fleet_attack</c>.</summary>
public sealed record FleetAttackSettings
{
    /// <summary>Gets the evidence where a name failed at the very address.</summary>
    /// <value>0 (off) to 3 nats. The default is 1.</value>
    [Range(0.0, 3.0)]
    public double Evidence { get; init; } = 1;

    /// <summary>Gets what it counts where only the rest of the /24 or /48 took part.</summary>
    /// <value>0 to 1. The default is 0.7.</value>
    [Range(0.0, 1.0)]
    public double NetworkShare { get; init; } = 0.7;

    /// <summary>Gets what it counts where only the rest of the autonomous system did.</summary>
    /// <value>0 to 1. The default is 0.4.</value>
    [Range(0.0, 1.0)]
    public double AsnShare { get; init; } = 0.4;
}
