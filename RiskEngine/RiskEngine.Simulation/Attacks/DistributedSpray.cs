using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>One password over the directory's names, shared out among many addresses of a few networks: one or two tries each, within hours.</summary>
/// <remarks>Half of the campaigns rent servers of two to four providers, half use people's lines in one to three countries.</remarks>
internal sealed class DistributedSpray : IAttack
{
    private const double Exists = 0.8;

    public string Name => "distributed_spray";

    public double CampaignsPerDay => 0.3;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var hosts = Hosts(campaign, random.Between(60, 300));
        var time = campaign.Begin();
        var pause = TimeSpan.FromHours(random.Uniform(1, 10)) / hosts.Length;
        foreach (var host in hosts)
        {
            var visit = campaign.Program(host, time);
            for (var tries = random.Between(1, 2); tries > 0; tries--)
            {
                campaign.Spray(time, Exists, visit);
                time += random.Span(pause * 0.1, pause * 1.2);
            }
        }
    }

    private static AccessPoint[] Hosts(Campaign campaign, int count)
    {
        var random = campaign.Random;
        if (random.Chance(0.5)) return Distinct(campaign.Hosts.Servers(count, random.Between(2, 4), random));
        var countries = Enumerable.Range(0, random.Between(1, 3)).Select(_ => random.Pick(Atlas.Countries).Code).ToArray();
        return Distinct(Enumerable.Range(0, count).Select(_ => campaign.Hosts.ProxyIn(random.Pick(countries), campaign.Traffic, random)));
    }

    private static AccessPoint[] Distinct(IEnumerable<AccessPoint> hosts) => [.. hosts.DistinctBy(host => host.Address)];
}
