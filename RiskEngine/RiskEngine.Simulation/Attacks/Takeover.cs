using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Attacks;

/// <summary>After phishing: the right password at the first try, hours after the victim's own login, from elsewhere and with another machine.</summary>
/// <remarks>
/// A wave has one to five victims. Most come from a foreign line, a VPN or a server; one in five from the victim's own country. One-time codes are
/// relayed; security keys cannot be, so their owners are no victims. Most come at hours at which others log in, some at hours of their own.
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
        var visit = campaign.Browse(campaign.Hosts.Hideout(row.From!.City, campaign.Traffic, campaign.Random), time);
        var session = campaign.Journal.Enter(time, row.Account!, visit);
        campaign.Stay(time, row.Account!, visit, session);
    }
}
