using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>One or two passwords over hundreds of names, of which a part exists, from one to four addresses.</summary>
/// <remarks>Within minutes, or so slowly that it takes a day. Four names in a thousand have that password.</remarks>
internal sealed class Spray : IAttack
{
    private const double Exists = 0.55;
    private const int MostNames = 600;

    public string Name => "spray";

    public double CampaignsPerDay => 0.7;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var isSlow = random.Chance(0.4);
        var time = campaign.Begin();
        var visits = Enumerable.Range(0, random.Between(1, 4)).Select(_ => campaign.Program(Host(campaign), time)).ToArray();
        var names = Math.Min(MostNames, 120 + random.Below(campaign.Directory.Accounts.Length));
        var passwords = isSlow ? 1 : random.Between(1, 2);
        for (var left = names * passwords; left > 0; left--)
        {
            campaign.Spray(time, Exists, random.Pick(visits));
            time += isSlow ? campaign.Seconds(40, 280) : campaign.Seconds(0.3, 4);
        }
    }

    private static AccessPoint Host(Campaign campaign) =>
        campaign.Random.Chance(0.25) ? campaign.Hosts.VpnExit(campaign.Random) : campaign.Hosts.Server(campaign.Random);
}
