namespace RiskEngine.Core.Models;

/// <summary>Which part of the fleet's accepted logins of the last months, at most one a day for each subject, shares each value with the login under judgement.</summary>
/// <remarks>Additively smoothed with half a login for the value and fifty for all others, so that a value never seen has a small share and no share is zero.</remarks>
public readonly record struct FleetShares(float Address, float Network, float Asn, float Country, float UserAgent, float Platform, float Os, float Logins)
{
    /// <summary>Half-life of the counts behind the shares: thirty days.</summary>
    public const float HalfLife = 30 * 86_400;

    private const float OwnPrior = 0.5f, FleetPrior = 50;

    /// <summary>The smoothed share of a value.</summary>
    /// <param name="count">Accepted logins with it, faded.</param>
    /// <param name="all">Accepted logins of the fleet, faded.</param>
    public static float Of(float count, float all) => (count + OwnPrior) / (all + FleetPrior);
}
