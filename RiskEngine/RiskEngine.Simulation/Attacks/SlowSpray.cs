namespace RiskEngine.Simulation.Attacks;

/// <summary>One to three passwords over many names for days, from a few addresses that each try between once in two hours and four times an hour.</summary>
/// <remarks>Slow enough to stay under thresholds for bursts. The addresses belong to one provider, or to several. Four names in a thousand have a password.</remarks>
internal sealed class SlowSpray : IAttack
{
    private const double Exists = 0.7;

    public string Name => "slow_spray";

    public double CampaignsPerDay => 0.25;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var begin = campaign.Begin();
        var perHour = random.Uniform(0.5, 4);
        var hosts = random.Chance(0.5)
            ? campaign.Hosts.Servers(random.Between(3, 12), 1, random)
            : [.. Enumerable.Range(0, random.Between(2, 8)).Select(_ => campaign.Hosts.Any([5, 2, 3], campaign.Traffic, random))];
        var visits = hosts.Select(host => campaign.Program(host, begin)).ToArray();
        var passwords = random.Between(1, 3);
        var names = Math.Min(800, 100 + random.Below(campaign.Directory.Accounts.Length));
        var days = TimeSpan.FromDays(random.Uniform(1.5, 4));
        var gap = TimeSpan.FromHours(1 / (perHour * visits.Length));
        var time = begin;
        for (var left = names * passwords; left > 0 && time - begin < days; left--)
        {
            campaign.Spray(time, Exists, random.Pick(visits));
            time += random.Span(gap * 0.4, gap * 1.6);
        }
    }
}
