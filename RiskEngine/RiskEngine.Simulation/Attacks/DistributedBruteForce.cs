namespace RiskEngine.Simulation.Attacks;

/// <summary>Hundreds of addresses guess the password of one account, one guess each, over hours. Nobody finds it.</summary>
internal sealed class DistributedBruteForce : IAttack
{
    public string Name => "distributed_brute_force";

    public double CampaignsPerDay => 0.6;

    public void Run(Campaign campaign)
    {
        if (campaign.Victim() is not { Account: { } victim }) return;
        var random = campaign.Random;
        var time = campaign.Begin();
        var pause = random.Uniform(8, 90);
        var used = new HashSet<Core.Events.IpAddress>();
        for (var left = random.Between(130, 400); left > 0;)
        {
            var from = random.Chance(0.7) ? campaign.Hosts.Proxy(campaign.Traffic, random) : campaign.Hosts.Server(random);
            if (!used.Add(from.Address)) continue;
            campaign.Guess(time, victim, campaign.Program(from, time));
            time += campaign.Seconds(pause * 0.1, pause * 1.9);
            left--;
        }
    }
}
