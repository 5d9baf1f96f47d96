using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Which lines at home lie in which city, and which cities nobody can have reached. Immutable.</summary>
internal sealed class Geography
{
    private const double AirlinerSpeed = 1000;
    private const double Slack = 500;

    private readonly BenchmarkWorld _world;
    private readonly Dictionary<City, List<(int Network, int Block)>> _lines = [];
    private readonly Dictionary<City, List<double>> _cumulative = [];

    public Geography(BenchmarkWorld world)
    {
        _world = world;
        for (var network = 0; network < world.Networks.Count; network++)
        {
            if (world.Networks[network].Kind != NetworkKind.Residential) continue;
            for (var block = 0; block < world.Networks[network].Blocks; block++) Add(network, block);
        }
    }

    /// <summary>Cities further away than an airliner flies in that time, with 500 km to spare.</summary>
    public List<City> OutOfReach(City from, double seconds) =>
        [.. Atlas.Cities.Where(city => _lines.ContainsKey(city) && from.Position.KilometresTo(city.Position) > Slack + (AirlinerSpeed * seconds / 3600))];

    public (int Network, int Host) Draw(City city, SeededRandom random)
    {
        var cumulative = _cumulative[city];
        var found = cumulative.BinarySearch(random.Uniform() * cumulative[^1]);
        var (network, block) = _lines[city][Math.Min(found >= 0 ? found : ~found, cumulative.Count - 1)];
        return (network, _world.Networks[network].LeaseIn(block, random));
    }

    /// <summary>Probability of <see cref="Draw"/> for a host of that city.</summary>
    public double Density(City city, int network, int host) => _world.Networks[network].Kind == NetworkKind.Residential && _cumulative.TryGetValue(city, out var all)
        ? _world.Density(network, host) / all[^1]
        : 0;

    private void Add(int network, int block)
    {
        var city = _world.CityOf(network, block);
        if (!_lines.TryGetValue(city, out var lines)) (_lines[city], _cumulative[city]) = (lines = [], []);
        var cumulative = _cumulative[city];
        lines.Add((network, block));
        cumulative.Add((cumulative.Count == 0 ? 0 : cumulative[^1]) + (_world.Share(network) / _world.Networks[network].Blocks));
    }
}
