using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths of <see cref="RareFirstNetworkDetector"/>, under <c>detection.rare_first_network</c>.</summary>
public sealed record RareFirstNetworkSettings
{
    /// <summary>Gets the most that it may say: by default a little less than a challenge takes, since nobody can tell a newcomer from a thief by this alone.</summary>
    /// <value>0 (off) to 5 nats. The default is 2.8.</value>
    [Range(0.0, 5.0)]
    public double Evidence { get; init; } = 2.8;

    /// <summary>Gets which part of first logins may come from networks as rare before it speaks.</summary>
    /// <value>0.001 to 0.5. The default is 0.14: the rarest hundredth of newcomers comes to where one honest login in a hundred does.</value>
    [Range(0.001, 0.5)]
    public double Rare { get; init; } = 0.14;
}
