using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>A session's cookie, taken by malware on the machine or by a relay before the login page, is used elsewhere hours after the login.</summary>
/// <remarks>
/// Neither password nor second factor is asked for, so owners of security keys are victims too. A third comes from a line in the victim's country. Four
/// in ten copy the user agent, three of them the device's cookie with it; others happen to have the same browser, in whatever version.
/// </remarks>
internal sealed class StolenSession : IAttack
{
    public string Name => "stolen_session";

    public double CampaignsPerDay => 1.6;

    public void Run(Campaign campaign)
    {
        if (campaign.Victim(campaign.Traffic.StaysOpen) is not { } victim) return;
        var random = campaign.Random;
        var time = campaign.Later(victim.OccurredAt);
        var visit = Disguise(campaign, victim, campaign.Browse(Hideout(campaign, victim.From!), time));
        campaign.Journal.Continue(time, EventKind.SessionSeen, victim.Account!, visit, victim.Session);
        campaign.Stay(time, victim.Account!, visit, victim.Session);
        for (var left = random.Between(0, 6); left > 0; left--)
        {
            time += campaign.Minutes(1, 45);
            campaign.Journal.Continue(time, EventKind.SessionSeen, victim.Account!, visit, victim.Session);
        }
    }

    private static AccessPoint Hideout(Campaign campaign, AccessPoint own)
    {
        while (true)
        {
            var from = campaign.Random.Weighted([35, 25, 15, 25]) switch
            {
                0 => campaign.Hosts.ProxyIn(own.City.Country, campaign.Traffic, campaign.Random),
                1 => campaign.Hosts.VpnExit(campaign.Random),
                2 => campaign.Hosts.Server(campaign.Random),
                _ => campaign.Hosts.Hideout(own.City, campaign.Traffic, campaign.Random),
            };
            if (from.Address != own.Address) return from;
        }
    }

    private static Visit Disguise(Campaign campaign, EventDraft victim, in Visit visit)
    {
        var seen = visit with { Application = victim.Application! };
        if (campaign.Random.Chance(0.4)) return seen with { UserAgent = victim.UserAgent!, DeviceId = campaign.Random.Chance(0.3) ? victim.DeviceId : null };
        return seen with { DeviceId = null };
    }
}
