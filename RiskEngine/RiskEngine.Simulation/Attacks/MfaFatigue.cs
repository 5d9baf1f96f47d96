using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.People;

namespace RiskEngine.Simulation.Attacks;

/// <summary>The right password, and then question after question on the victim's phone until one is approved, or the attacker gives up.</summary>
/// <remarks>
/// 5 to 40 questions within minutes or an hour, denied or not answered; some sources call them failed challenges. One in three ends with an
/// approval. Some wait for the night, when people want the phone to be silent.
/// </remarks>
internal sealed class MfaFatigue : IAttack
{
    private const double Approved = 0.35;

    public string Name => "mfa_fatigue";

    public double CampaignsPerDay => 0.8;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        if (Victim(campaign) is not { } account) return;
        var time = campaign.Begin();
        var visit = campaign.Browse(campaign.Hosts.Hideout(account.Home!, campaign.Traffic, random), time);
        var kind = random.Chance(0.25) ? EventKind.ChallengeFailed : EventKind.MfaFailed;
        var denies = random.Uniform(0.1, 0.9);
        var pause = random.Uniform(12, 110);
        for (var left = random.Between(5, 40); left > 0; left--)
        {
            campaign.Journal.FailFactor(time, account, visit, random.Chance(denies) ? "push_denied" : "push_timeout", kind);
            time += campaign.Seconds(pause * 0.5, pause * 1.5);
        }

        if (random.Chance(Approved)) campaign.Stay(time, account, visit, campaign.Journal.Enter(time, account, visit));
    }

    /// <summary>Somebody who logged in that day, else anybody whose phone can be asked.</summary>
    private static Account? Victim(Campaign campaign)
    {
        if (campaign.Victim(IsAsked)?.Account is { } active) return active;
        Account[] all = [.. campaign.Directory.Accounts.Where(account => account is { Factor: "push", Absence: null } && account.CreatedAt < campaign.Earliest)];
        return all.Length == 0 ? null : campaign.Random.Pick(all);

        static bool IsAsked(EventDraft row) => row.Account!.Factor == "push";
    }
}
