using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>The victim has just logged in; minutes to two hours later so does somebody from another continent.</summary>
/// <remarks>Half of the time with the victim's own user agent. People behind a VPN are no victims: where they are means nothing.</remarks>
internal sealed class ImpossibleTravel : IAttack
{
    private const double AnotherContinent = 5000;

    public string Name => "impossible_travel";

    public double CampaignsPerDay => 2;

    public void Run(Campaign campaign)
    {
        if (campaign.Victim(row => Takeover.CanBePhished(row) && row.From!.Operator.Kind != OperatorKind.Vpn) is not { } victim) return;
        var random = campaign.Random;
        City[] far = [.. Atlas.Cities.Where(city => city.Position.KilometresTo(victim.From!.City.Position) > AnotherContinent)];
        var time = victim.OccurredAt + campaign.Minutes(3, 120);
        var visit = campaign.Browse(campaign.Hosts.Proxy(random.Pick(far), campaign.Traffic, random), time);
        if (random.Chance(0.5)) visit = visit with { UserAgent = victim.UserAgent! };
        var session = campaign.Journal.Enter(time, victim.Account!, visit);
        campaign.Stay(time, victim.Account!, visit, session);
    }
}
