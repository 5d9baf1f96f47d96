namespace RiskEngine.Simulation.Attacks;

/// <summary>An account that nobody has used for 90 to 400 days, still open, is entered with a password from a leak.</summary>
/// <remarks>Its owner has gone, so nobody notices. Accounts without a second factor are looked for first. A third of the attackers need some tries.</remarks>
internal sealed class DormantAccount : IAttack
{
    public string Name => "dormant_account";

    public double CampaignsPerDay => 0.5;

    public void Run(Campaign campaign)
    {
        if (campaign.Directory.Forgotten is not { Length: > 0 } forgotten) return;
        var random = campaign.Random;
        var account = random.Pick(forgotten);
        for (var looks = 0; looks < 8 && account.Factor is not null; looks++) account = random.Pick(forgotten);
        var time = campaign.BeginEarly();
        var visit = campaign.Browse(campaign.Hosts.Hideout(account.Home!, campaign.Traffic, random), time);
        for (var tries = random.Chance(0.33) ? random.Between(1, 4) : 0; tries > 0; tries--)
        {
            campaign.Guess(time, account, visit);
            time += campaign.Seconds(5, 300);
        }

        campaign.ComeAndGo(time, account, visit, random.Between(1, 5));
    }
}
