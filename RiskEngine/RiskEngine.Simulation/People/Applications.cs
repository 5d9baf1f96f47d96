using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>What people log in to, the most used first.</summary>
internal static class Applications
{
    private const int MostUsual = 4;

    private static readonly string[] Names =
        ["mail", "portal", "files", "chat", "wiki", "gitlab", "grafana", "crm", "tickets", "analytics", "payroll", "billing", "hr", "vault"];

    private static readonly double[] Shares = [26, 18, 11, 9, 8, 7, 5, 4, 4, 2, 2, 1.5, 1.5, 1];

    public static string Pick(SeededRandom random) => Names[random.Weighted(Shares)];

    /// <summary>The one to four applications somebody uses, the most used first; those of the department among them.</summary>
    public static string[] Usual(string[] groups, SeededRandom random)
    {
        var usual = new List<string> { Pick(random) };
        foreach (var group in groups)
        {
            foreach (var name in OfDepartment(group))
            {
                if (random.Chance(0.7) && usual.Count < MostUsual && !usual.Contains(name)) usual.Add(name);
            }
        }

        for (var tries = random.Below(MostUsual); tries > 0 && usual.Count < MostUsual; tries--)
        {
            var name = Pick(random);
            if (!usual.Contains(name)) usual.Add(name);
        }

        return [.. usual];
    }

    private static string[] OfDepartment(string group) => group switch
    {
        "engineering" => ["gitlab", "grafana"],
        "operations" => ["grafana", "vault"],
        "finance" => ["billing", "payroll"],
        "sales" => ["crm"],
        "support" => ["tickets", "crm"],
        "people" => ["hr", "payroll"],
        "research" => ["analytics", "wiki"],
        "legal" => ["files"],
        _ => [],
    };
}
