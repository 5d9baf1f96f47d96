using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Pairs of name and password from a leak, tried from many addresses of a few hosting networks.</summary>
/// <remarks>Most names are nobody's; one or two in a hundred pairs fit, and then let the attacker in unless a second factor is asked for.</remarks>
internal sealed class Stuffing : IAttack
{
    private const double Exists = 0.1;
    private const double Fits = 0.016;
    private const int MostPairs = 4000;

    public string Name => "stuffing";

    public double CampaignsPerDay => 0.6;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var pairs = Math.Min(MostPairs, 200 + random.Below(campaign.Directory.Accounts.Length * 2));
        AccessPoint[] servers = campaign.Hosts.Servers(Math.Max(20, pairs / random.Between(4, 12)), random.Between(2, 3), random);
        var time = campaign.Begin();
        var pause = random.Uniform(0.5, 9);
        for (; pairs > 0; pairs--)
        {
            var visit = campaign.Program(random.Pick(servers), time);
            if (random.Chance(Fits)) campaign.Try(time, campaign.Anyone(), visit);
            else if (random.Chance(Exists)) campaign.Guess(time, campaign.Anyone(), visit);
            else campaign.Journal.FailUnknown(time, Names.Leaked(random), visit);
            time += campaign.Seconds(pause * 0.2, pause * 1.8);
        }
    }
}
