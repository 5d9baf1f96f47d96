using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Somebody with a copy of the directory tries what looks powerful: a guess or two at each of a few names, decoys among them, hours apart.</summary>
/// <remarks>
/// The decoys are <see cref="Decoys"/>, some of which are accounts and some only names. Too few guesses, from too many places, for any count: this is
/// found by whoever has said which accounts nobody uses (<c>detection.honey_account.subjects</c>).
/// </remarks>
internal sealed class DecoyProbe : IAttack
{
    /// <summary>Names that administrators put there to be tried; nobody logs in to them.</summary>
    public static readonly string[] Decoys = ["admin.old", "svc-archive", "sql-admin2", "breakglass"];

    public string Name => "decoy_probe";

    public double CampaignsPerDay => 0.4;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var time = campaign.Begin();
        var decoys = random.Between(1, 3);
        for (var left = decoys + random.Between(1, 4); left > 0; left--)
        {
            var visit = campaign.Browse(Host(campaign), time);
            for (var guesses = random.Between(1, 2); guesses > 0; guesses--)
            {
                if (left > decoys) campaign.Guess(time, campaign.Anyone(), visit);
                else if (left % 2 == 0) campaign.Journal.FailUnknown(time, Decoys[left], visit);
                else campaign.Journal.Fail(time, new Account { Id = $"decoy-{left}", Name = Decoys[left] }, visit);
                time += campaign.Minutes(1, 20);
            }

            time += campaign.Minutes(30, 300);
        }
    }

    private static AccessPoint Host(Campaign campaign) => campaign.Hosts.Any([2, 4, 4], campaign.Traffic, campaign.Random);
}
