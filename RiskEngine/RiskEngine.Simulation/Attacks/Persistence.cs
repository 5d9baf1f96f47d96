using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Attacks;

/// <summary>A takeover that means to stay: within the hour a factor is added or the password changed, and an administrator's account becomes others.</summary>
/// <remarks>Half of the victims are administrators, where one logged in that day.</remarks>
internal sealed class Persistence : IAttack
{
    public string Name => "persistence";

    public double CampaignsPerDay => 0.8;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var victim = random.Chance(0.5) ? campaign.Victim(row => row.Account!.IsAdministrator && Takeover.CanBePhished(row)) : null;
        victim ??= campaign.Victim(Takeover.CanBePhished);
        if (victim is not null) Settle(campaign, victim);
    }

    private static void Settle(Campaign campaign, EventDraft victim)
    {
        var (random, account, journal) = (campaign.Random, victim.Account!, campaign.Journal);
        var time = campaign.Later(victim.OccurredAt);
        var visit = campaign.Browse(campaign.Hosts.Hideout(victim.From!.City, campaign.Traffic, random), time);
        var session = journal.Enter(time, account, visit);
        var adds = random.Chance(0.6);
        if (adds) journal.Continue(time + campaign.Minutes(1, 55), EventKind.FactorAdded, account, visit, session);
        if (!adds || random.Chance(0.3)) journal.Continue(time + campaign.Minutes(1, 55), EventKind.PasswordChanged, account, visit, session);
        for (var left = account.IsAdministrator ? random.Between(1, 4) : 0; left > 0; left--)
        {
            journal.Continue(time + campaign.Minutes(3, 58), EventKind.ImpersonationStarted, account, visit, session);
        }
    }
}
