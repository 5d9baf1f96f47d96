using RiskEngine.Core.Events;
using RiskEngine.Simulation.People;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Somebody has the password of a service account, and logs in with it: at the login page with a browser, or with a program.</summary>
internal sealed class ServiceAccountMisuse : IAttack
{
    public string Name => "service_account_misuse";

    public double CampaignsPerDay => 0.5;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var account = random.Pick(campaign.Directory.Services);
        var from = campaign.Hosts.Any([4, 3, 3], campaign.Traffic, random);
        var time = campaign.BeginEarly();
        var byHand = random.Chance(0.5);
        var visit = byHand ? campaign.Browse(from, time) : new Visit(from, UserAgents.Library(random), null, Applications.Pick(random));
        for (var tries = random.Chance(0.3) ? random.Between(1, 5) : 0; tries > 0; tries--)
        {
            campaign.Guess(time, account, visit);
            time += campaign.Seconds(3, 60);
        }

        if (byHand)
        {
            campaign.ComeAndGo(time, account, visit, random.Between(1, 3));
            return;
        }

        for (var left = random.Between(1, 12); left > 0; left--)
        {
            campaign.Journal.Work(time, EventKind.Login, account, visit, "password", null);
            time += campaign.Minutes(1, 60);
        }
    }
}
