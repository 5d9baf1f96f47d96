using RiskEngine.Core.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>The token of a job or of a person's script, found in a repository or a log, is used from a network it was never used from.</summary>
/// <remarks>Four in ten copy the user agent. Some try it once, some read all they can for hours.</remarks>
internal sealed class TokenTheft : IAttack
{
    public string Name => "token_theft";

    public double CampaignsPerDay => 0.6;

    public void Run(Campaign campaign)
    {
        if (campaign.Traffic.Tokens is not { Length: > 0 } tokens) return;
        var random = campaign.Random;
        var victim = random.Pick(tokens);
        var time = campaign.BeginEarly();
        var from = Elsewhere(campaign, victim.From!.Operator);
        var userAgent = random.Chance(0.4) ? victim.UserAgent! : UserAgents.Library(random);
        var application = random.Chance(0.7) ? victim.Application! : Applications.Pick(random);
        var visit = new Visit(from, userAgent, null, application);
        var pause = random.Uniform(0.2, 30);
        for (var left = random.Chance(0.3) ? 1 : random.Between(2, 40); left > 0; left--)
        {
            campaign.Journal.Work(time, EventKind.TokenUsed, victim.Account!, visit, "token", null);
            time += campaign.Minutes(pause * 0.1, pause * 1.9);
        }
    }

    private static AccessPoint Elsewhere(Campaign campaign, NetworkOperator usual)
    {
        while (true)
        {
            var from = campaign.Hosts.Any([5, 2, 3], campaign.Traffic, campaign.Random);
            if (from.Operator != usual) return from;
        }
    }
}
