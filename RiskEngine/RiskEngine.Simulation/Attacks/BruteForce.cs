namespace RiskEngine.Simulation.Attacks;

/// <summary>One address guesses the password of one account, 50 to 300 times, and does not find it.</summary>
internal sealed class BruteForce : IAttack
{
    public string Name => "brute_force";

    public double CampaignsPerDay => 1;

    public void Run(Campaign campaign)
    {
        if (campaign.Victim() is not { Account: { } victim }) return;
        var random = campaign.Random;
        var from = random.Chance(0.7) ? campaign.Hosts.Server(random) : campaign.Hosts.Proxy(campaign.Traffic, random);
        var time = campaign.Begin();
        var visit = campaign.Program(from, time);
        var pause = random.Uniform(0.4, 12);
        for (var left = random.Between(50, 300); left > 0; left--)
        {
            campaign.Guess(time, victim, visit);
            time += campaign.Seconds(pause * 0.5, pause * 1.5);
        }
    }
}
