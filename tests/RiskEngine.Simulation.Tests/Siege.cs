namespace RiskEngine.Simulation.Tests;

/// <summary>A fleet under many more attacks than usual, so that every variety of them is there to be looked at.</summary>
internal static class Siege
{
    private static readonly Lazy<Row[]> LazyRows = new(() => Traffic.Read(Traffic.Bytes(new SimulationSettings { Users = 600, Days = 8, Seed = 3, AttackIntensity = 6 })));

    public static Row[] Rows => LazyRows.Value;

    /// <summary>The events of every campaign of that attack, in order.</summary>
    public static Row[][] Campaigns(string attack)
    {
        var campaigns = Rows.Where(row => row.Label?.Attack == attack).GroupBy(row => row.Label!.Campaign).Select(group => group.ToArray()).ToArray();
        Assert.NotEmpty(campaigns);
        return campaigns;
    }

    public static IEnumerable<Row> Honest(string subject) => Rows.Where(row => row.Label is null && row.Subject == subject);
}
