namespace RiskEngine.Simulation.Attacks;

/// <summary>The help desk is talked into opening the account of somebody who left; minutes to hours later it is used from elsewhere.</summary>
/// <remarks>What is reset with it is the second factor.</remarks>
internal sealed class Reactivation : IAttack
{
    public string Name => "reactivation";

    public double CampaignsPerDay => 0.4;

    public void Run(Campaign campaign)
    {
        if (campaign.Directory.Closed is not { Length: > 0 } closed) return;
        var random = campaign.Random;
        var account = random.Pick(closed) with { Factor = null };
        var time = campaign.BeginEarly();
        campaign.Journal.Reactivate(time, account);
        time += random.Chance(0.5) ? campaign.Minutes(5, 50) : campaign.Minutes(50, 400);
        var visit = campaign.Browse(campaign.Hosts.Hideout(account.Home!, campaign.Traffic, random), time);
        campaign.ComeAndGo(time, account, visit, random.Between(1, 4));
    }
}
