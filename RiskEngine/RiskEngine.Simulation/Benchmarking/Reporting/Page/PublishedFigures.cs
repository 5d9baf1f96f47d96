namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>Medians of re-authentications within 5, 12, 20 and 39 logins that Wiefling et al. (ACM TOPS 26(1), 2022, doi 10.1145/3546069) show for Freeman's model.</summary>
/// <remarks>Read off their figure for the RBA data set. Their targeted attacker also knows the victim's region; ours shares everything but the address.</remarks>
internal static class PublishedFigures
{
    private static readonly Dictionary<(string Family, double Recall), IReadOnlyList<double>> Found = new()
    {
        [("naive", 0.995)] = [2, 3, 3, 2],
        [("naive", 0.99)] = [1, 2, 2, 1],
        [("naive", 0.98)] = [1, 1, 1, 1],
        [("vpn", 0.995)] = [3, 4, 5, 3],
        [("vpn", 0.99)] = [2, 3, 3, 2],
        [("targeted", 0.995)] = [3, 5, 5, 4],
        [("targeted", 0.99)] = [2, 4, 4, 3],
    };

    public static IReadOnlyList<string> Families { get; } = ["naive", "vpn", "targeted"];

    /// <summary>One median for each of <see cref="Statistics.Reauthentication.Lengths"/>; null where none was read.</summary>
    public static IReadOnlyList<double>? Medians(string family, double recall) => Found.GetValueOrDefault((family, recall));
}
