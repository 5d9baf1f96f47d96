using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Isolation;

/// <summary>A login as numbers of 0 to 1, by logins strictly before it: how rare what it shows is in the fleet, how new to its subject, and how long ago the last one was.</summary>
/// <remarks>Grows with the stream, as a benchmark may. Not thread-safe.</remarks>
internal sealed class LoginVector
{
    /// <summary>Half a login for the value, fifty for all others, as the engine smooths its shares; and the rarity at which a feature ends, in nats.</summary>
    private const double OwnPrior = 0.5, FleetPrior = 50, MostRare = 14;

    private const double LongestGap = 400 * 86_400, LongestHistory = 500;

    private readonly Dictionary<string, int> _fleet = [];
    private readonly HashSet<(int Subject, string Value)> _own = [];
    private int _logins;

    /// <summary>Gets the features in their order, in words.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["rare network", "rare country", "rare user agent", "rare platform", "new place", "new device", "listed address", "time since the last login", "length of the history"];

    /// <param name="point">Room for as many as <see cref="Names"/>.</param>
    public void Read(BenchmarkCase login, Span<float> point)
    {
        var shown = login.Attributes;
        point[0] = Rarity(System(shown));
        point[1] = Rarity(shown.Country);
        point[2] = Rarity(shown.UserAgent);
        point[3] = Rarity(Platform(shown));
        var isFirst = login.HistoryLength == 0;
        point[4] = isFirst ? 0.5f : Has(login, shown.Address) ? 0 : Has(login, Network(shown)) ? 0.25f : Has(login, System(shown)) ? 0.5f : Has(login, shown.Country) ? 0.75f : 1;
        point[5] = isFirst ? 0.5f : Has(login, shown.UserAgent) ? 0 : Has(login, Platform(shown)) ? 0.33f : Has(login, shown.Os) ? 0.67f : 1;
        point[6] = shown.IsListed ? 1 : 0;
        point[7] = login.GapSeconds < 0 ? 1 : Scaled(login.GapSeconds, LongestGap);
        point[8] = Scaled(login.HistoryLength, LongestHistory);
    }

    public void Learn(BenchmarkCase login)
    {
        var shown = login.Attributes;
        _logins++;
        foreach (var value in (ReadOnlySpan<string>)[System(shown), shown.Country, shown.UserAgent, Platform(shown)]) _fleet[value] = _fleet.GetValueOrDefault(value) + 1;
        foreach (var value in (ReadOnlySpan<string>)[shown.Address, Network(shown), System(shown), shown.Country, shown.UserAgent, Platform(shown), shown.Os]) _own.Add((login.Subject, value));
    }

    private float Rarity(string value) => (float)Math.Min(-Math.Log((_fleet.GetValueOrDefault(value) + OwnPrior) / (_logins + FleetPrior)) / MostRare, 1);

    private bool Has(BenchmarkCase login, string value) => _own.Contains((login.Subject, value));

    private static float Scaled(double value, double most) => (float)Math.Min(Math.Log(1 + value) / Math.Log(1 + most), 1);

    private static string System(LoginAttributes shown) => $"AS{shown.Asn}";

    private static string Platform(LoginAttributes shown) => $"{shown.Browser.Split(' ')[0]}/{shown.Os.Split(' ')[0]}/{shown.DeviceType}";

    /// <summary>The /24, or what stands before the last part.</summary>
    private static string Network(LoginAttributes shown) => shown.Address[..(shown.Address.LastIndexOfAny(['.', ':']) + 1)];
}
