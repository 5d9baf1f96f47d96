namespace RiskEngine.Simulation.Attacks;

/// <summary>Every attack the simulation knows. A new one is one class and one entry at the end of this list.</summary>
/// <remarks>The place in the list is part of a campaign's seed: inserting in the middle would change the campaigns after it.</remarks>
internal static class AttackCatalog
{
    public static IReadOnlyList<IAttack> All { get; } =
    [
        new BruteForce(), new Spray(), new Stuffing(), new DistributedBruteForce(), new Takeover(), new ImpossibleTravel(),
        new StolenSession(), new MfaFatigue(), new DormantAccount(), new LookAlike(), new SlowSpray(), new DistributedSpray(),
        new TokenTheft(), new ServiceAccountMisuse(), new Persistence(), new Reactivation(), new ForgedBrowser(), new DecoyProbe(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(attack => attack.Name)];

    /// <summary>The known name most like the one given, by number of letters to change.</summary>
    public static string Nearest(string name) => Names.MinBy(known => Distance(name, known))!;

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
