namespace RiskEngine.Simulation.Attacks;

/// <summary>One kind of attack. Stateless: everything a campaign needs comes with it.</summary>
internal interface IAttack
{
    /// <summary>Gets the name that <c>--attacks</c> takes and labels carry.</summary>
    string Name { get; }

    /// <summary>Gets how many campaigns begin a day against a thousand people, at intensity 1.</summary>
    double CampaignsPerDay { get; }

    /// <summary>Drafts one campaign. It begins within the campaign's window and may go on for a day or two.</summary>
    void Run(Campaign campaign);
}
