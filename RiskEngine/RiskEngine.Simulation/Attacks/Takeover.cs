using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>After phishing: the right password at the first try, hours after the victim's own login, from elsewhere and with another machine.</summary>
/// <remarks>
/// A wave has one to five victims. Most come from a foreign line, a VPN or a server; one in five from the victim's own country. One-time codes are
/// relayed; security keys cannot be, so their owners are no victims.
/// </remarks>
internal sealed class Takeover : IAttack
{
    public string Name => "takeover";

    public double CampaignsPerDay => 2.4;

    public void Run(Campaign campaign)
    {
        for (var left = campaign.Random.Between(1, 5); left > 0; left--)
        {
            if (campaign.Victim(CanBePhished) is { } row) Take(campaign, row);
        }
    }

    public static bool CanBePhished(EventDraft row) => row.Account!.Factor != "webauthn";

    private static void Take(Campaign campaign, EventDraft row)
    {
        var time = campaign.Later(row.OccurredAt);
        var visit = campaign.Browse(Hideout(campaign, row.From!.City), time);
        var session = campaign.Journal.Enter(time, row.Account!, visit);
        campaign.Stay(time, row.Account!, visit, session);
    }

    private static AccessPoint Hideout(Campaign campaign, City home)
    {
        var random = campaign.Random;
        return random.Weighted([40, 25, 15, 20]) switch
        {
            0 => campaign.Hosts.Proxy(Abroad(home, campaign), campaign.Traffic, random),
            1 => campaign.Hosts.VpnExit(random),
            2 => campaign.Hosts.Server(random),
            _ => campaign.Hosts.Proxy(random.Pick(Array.Find(Atlas.Countries, country => country.Code == home.Country)!.Cities), campaign.Traffic, random),
        };
    }

    private static City Abroad(City home, Campaign campaign)
    {
        while (true)
        {
            var city = campaign.Random.Pick(Atlas.Cities);
            if (city.Country != home.Country) return city;
        }
    }
}
