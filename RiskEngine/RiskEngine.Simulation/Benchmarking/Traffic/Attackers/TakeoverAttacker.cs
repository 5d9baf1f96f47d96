using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Takes over account after account within half an hour, from one network for each campaign, mostly with desktops.</summary>
/// <remarks>
/// Countries of the rare networks and device types are those of the RBA data set's takeovers (Wiefling et al. 2022, CC BY 4.0), as far as the simulated
/// world has the country; common networks are drawn by their share of the people.
/// </remarks>
internal sealed class TakeoverAttacker : IAttacker
{
    private const double CommonShare = 0.002;

    private static readonly (string Code, double Weight)[] RareCountries = [("RO", 79), ("NO", 10), ("BR", 9), ("ID", 9), ("IT", 7)];
    private static readonly (string Type, double Share)[] Types = [("desktop", 0.8511), ("mobile", 0.1418), ("tablet", 0.0071)];

    private readonly Habits _habits;
    private readonly ulong _seed;
    private readonly int[] _networks;
    private readonly double[] _weights;
    private readonly double _total;

    /// <param name="isRare">Whether from networks that hardly anybody logs in from; otherwise from those that most do.</param>
    public TakeoverAttacker(Habits habits, bool isRare, int seed)
    {
        _habits = habits;
        _seed = SeededRandom.Mix((ulong)seed ^ (isRare ? 0xA5UL : 0x5AUL));
        var weights = isRare ? Rare(habits.World) : Common(habits.World);
        _networks = [.. weights.Keys];
        _weights = [.. weights.Values];
        _total = _weights.Sum();
    }

    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var network = _networks[SeededRandom.For(_seed, Purpose.BenchmarkCampaigns, campaign).Weighted(_weights)];
        var model = DeviceCatalog.Draw(random, Types[random.Weighted([.. Types.Select(type => type.Share)])].Type);
        return new LoginShown(network, _habits.World.Networks[network].Lease(random), model, _habits.Versions.Draw(model, victim.Expected.Time, random));
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest)
    {
        var index = Array.IndexOf(_networks, shown.Network);
        if (index < 0) return 0;
        var model = DeviceCatalog.Models[shown.Model];
        double device = 0;
        foreach (var (type, share) in Types) if (type == model.Type) device = share * model.Share / DeviceCatalog.ShareOf(type);
        return _weights[index] / _total * _habits.World.Networks[shown.Network].Density(shown.Host) * device * BorrowedDevice.Versions(victim, shown);
    }

    private static Dictionary<int, double> Rare(BenchmarkWorld world)
    {
        var result = new Dictionary<int, double>();
        foreach (var (code, weight) in RareCountries)
        {
            var country = BenchmarkWorld.CountryIndex(code);
            var homes = Residential(world).Where(i => world.Networks[i].Country == country).OrderBy(i => world.Networks[i].Share).ThenBy(i => i).ToList();
            foreach (var network in homes.Take(homes.Count / 4)) result[network] = weight / (homes.Count / 4);
        }

        return result;
    }

    private static Dictionary<int, double> Common(BenchmarkWorld world) =>
        Residential(world).Where(i => world.Share(i) >= CommonShare).ToDictionary(i => i, world.Share);

    private static IEnumerable<int> Residential(BenchmarkWorld world) =>
        Enumerable.Range(0, world.Networks.Count).Where(i => world.Networks[i].Kind == NetworkKind.Residential);
}
