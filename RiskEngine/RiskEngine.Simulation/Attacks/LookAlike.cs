using RiskEngine.Simulation.People;

namespace RiskEngine.Simulation.Attacks;

/// <summary>An account is made with a name that reads like a person's, an administrator's or a machine's, and then used from elsewhere.</summary>
/// <remarks>The form of its making is that of every new account. A part of the names are what a typing error would make.</remarks>
internal sealed class LookAlike : IAttack
{
    public string Name => "look_alike";

    public double CampaignsPerDay => 0.4;

    public void Run(Campaign campaign)
    {
        var random = campaign.Random;
        var model = Model(campaign);
        var time = campaign.BeginEarly();
        var account = new Account
        {
            Id = $"{1000 + ((campaign.Directory.Accounts.Length + random.Below(1_000_000)) * 7) + random.Below(7)}",
            Name = LookAlikeNames.Of(model.Name, random),
            Groups = random.Chance(0.5) ? model.Groups : [],
            CreatedAt = time,
        };
        campaign.Journal.Create(time, account);
        time += campaign.Minutes(2, 240);
        var visit = campaign.Browse(Host(campaign), time);
        campaign.ComeAndGo(time, account, visit, random.Between(1, 6));
    }

    private static Account Model(Campaign campaign) => campaign.Random.Weighted([35, 25, 40]) switch
    {
        0 => campaign.Random.Pick(campaign.Directory.Services),
        1 when Array.FindAll(campaign.Directory.Accounts, account => account.IsAdministrator) is { Length: > 0 } admins => campaign.Random.Pick(admins),
        _ => campaign.Anyone(),
    };

    private static World.AccessPoint Host(Campaign campaign) => campaign.Random.Weighted([4, 3, 3]) switch
    {
        0 => campaign.Hosts.Proxy(campaign.Traffic, campaign.Random),
        1 => campaign.Hosts.VpnExit(campaign.Random),
        _ => campaign.Hosts.Server(campaign.Random),
    };
}
