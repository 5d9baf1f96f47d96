using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>One to three passwords over many names for days, from a few addresses that each try between once in two hours and four times an hour.</summary>
/// <remarks>Slow enough to stay under thresholds for bursts. The addresses belong to one provider, or to several. Four names in a thousand have a password.</remarks>
internal sealed class SlowSpray : IAttack
{
    private const double Exists = 0.7;
    private const double Hits = 0.004;

    public string Name => "slow_spray";

    public double CampaignsPerDay => 0.25;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var begin = campaign.Begin();
        var perHour = random.Uniform(0.5, 4);
        var hosts = random.Chance(0.5)
            ? campaign.Hosts.Servers(random.Between(3, 12), 1, random)
            : [.. Enumerable.Range(0, random.Between(2, 8)).Select(_ => Host(campaign))];
        var visits = hosts.Select(host => campaign.Program(host, begin)).ToArray();
        var passwords = random.Between(1, 3);
        var names = Math.Min(800, 100 + random.Below(campaign.Directory.Accounts.Length));
        var days = TimeSpan.FromDays(random.Uniform(1.5, 4));
        var gap = TimeSpan.FromHours(1 / (perHour * visits.Length));
        var time = begin;
        for (var left = names * passwords; left > 0 && time - begin < days; left--)
        {
            Try(campaign, time, random.Pick(visits));
            time += random.Span(gap * 0.4, gap * 1.6);
        }
    }

    private static void Try(Campaign campaign, Core.Events.EventTime time, in Visit visit)
    {
        if (!campaign.Random.Chance(Exists)) campaign.Journal.FailUnknown(time, Names.Leaked(campaign.Random), visit);
        else if (campaign.Random.Chance(Hits)) campaign.Try(time, campaign.Anyone(), visit);
        else campaign.Guess(time, campaign.Anyone(), visit);
    }

    private static AccessPoint Host(Campaign campaign) => campaign.Random.Weighted([5, 2, 3]) switch
    {
        0 => campaign.Hosts.Server(campaign.Random),
        1 => campaign.Hosts.VpnExit(campaign.Random),
        _ => campaign.Hosts.Proxy(campaign.Traffic, campaign.Random),
    };
}
