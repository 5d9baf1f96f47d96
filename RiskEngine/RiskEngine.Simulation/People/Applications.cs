using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>What people log in to, the most used first.</summary>
internal static class Applications
{
    private static readonly string[] Names = ["mail", "portal", "files", "wiki", "grafana", "gitlab", "crm", "payroll"];
    private static readonly double[] Shares = [30, 22, 14, 10, 8, 8, 5, 3];

    public static string Pick(SeededRandom random) => Names[random.Weighted(Shares)];
}
