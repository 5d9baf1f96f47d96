using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Models;

/// <summary>When the fleet as a whole counts as under attack, under <c>model.fleet</c>.</summary>
public sealed record FleetSettings
{
    /// <summary>Gets how many standard deviations above the season make a period. A fleet younger than a week has to be 1.4 times as far above.</summary>
    /// <value>3 to 20. The default is 5.</value>
    [Range(3.0, 20.0)]
    public double Deviations { get; init; } = 5;

    /// <summary>Gets the fewest names within an hour that make one, whatever the season. Guesses and surges need twice as many, a fleet younger than a week one and a half times.</summary>
    /// <value>5 to 10,000 names. The default is 10.</value>
    [Range(5.0, 10_000.0)]
    public double MinimumNames { get; init; } = 10;
}
