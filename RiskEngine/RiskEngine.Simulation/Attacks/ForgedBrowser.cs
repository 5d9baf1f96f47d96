using RiskEngine.Core.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>A tool that has bought passwords tries each a few times and makes up a browser for each request, some of which cannot exist.</summary>
/// <remarks>
/// The passwords are stale: a third still fit. From people's lines of the victim's country, a few minutes apart. Four in ten user agents contradict
/// themselves, as those of programs that put pieces together do: two systems at once, a browser on a system it was never made for, a version to come.
/// </remarks>
internal sealed class ForgedBrowser : IAttack
{
    private const double Fits = 1.0 / 3;
    private const double Impossible = 0.4;

    public string Name => "forged_browser";

    public double CampaignsPerDay => 0.5;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var time = campaign.Begin();
        for (var left = random.Between(4, 15); left > 0; left--)
        {
            if (campaign.Victim(Takeover.CanBePhished) is not { } victim) return;
            var host = campaign.Hosts.ProxyIn(victim.From!.City.Country, campaign.Traffic, random);
            for (var stale = random.Between(0, 2); stale > 0; stale--)
            {
                campaign.Guess(time, victim.Account!, Dressed(campaign, host, time));
                time += campaign.Seconds(20, 400);
            }

            if (random.Chance(Fits)) campaign.Try(time, victim.Account!, Dressed(campaign, host, time));
            time += campaign.Minutes(2, 40);
        }
    }

    private static Visit Dressed(Campaign campaign, AccessPoint from, EventTime now)
    {
        var visit = campaign.Browse(from, now) with { DeviceId = null };
        return campaign.Random.Chance(Impossible) ? visit with { UserAgent = Contradiction(campaign.Random, UserAgents.Release(now, TimeSpan.Zero)) } : visit;
    }

    private static string Contradiction(SeededRandom random, int release) => random.Below(3) switch
    {
        0 => UserAgents.Compose(Browser.ChromeWindows, release).Replace("Windows NT 10.0; Win64; x64", "Windows NT 10.0; Android 14; Pixel 8", StringComparison.Ordinal),
        1 => UserAgents.Compose(Browser.SafariMac, release).Replace("Macintosh; Intel Mac OS X 10_15_7", "Windows NT 10.0; Win64; x64", StringComparison.Ordinal),
        _ => UserAgents.Compose(Browser.FirefoxWindows, release + random.Between(160, 700)),
    };
}
