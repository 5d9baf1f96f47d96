using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Networks;

/// <summary>The networks of the benchmark: who has which share of the people, and which addresses. Built from the seed; immutable.</summary>
/// <remarks>
/// Each country has four large residential systems, the first of them with six in ten people, and a long tail of small ones; two hosting networks, a
/// VPN's exits and Tor's. Pools grow with the number of subjects so that about a third of all new leases are addresses never seen before, as in the RBA
/// data set. Addresses are those of <see cref="NetworkOperator"/>: real in form, and nobody's.
/// </remarks>
internal sealed class BenchmarkWorld
{
    private const double InfrastructureShare = 0.015;
    private const double LeasesPerSubject = 0.85;
    private const int BlockBits = 19;
    private const int TailNetworks = 40;

    private static readonly double[] Large = [0.62, 0.14, 0.09, 0.05];

    private readonly List<BenchmarkNetwork> _networks = [];
    private readonly double[] _cumulative;
    private readonly int[] _first;
    private readonly uint _scatter;
    private readonly int _subjects;
    private int _nextBlock;

    public BenchmarkWorld(int seed, int subjects)
    {
        _subjects = subjects;
        _scatter = (uint)SeededRandom.For((ulong)seed, Purpose.BenchmarkWorld, 0).Next();
        _first = new int[Countries.Length + 1];
        for (var country = 0; country < Countries.Length; country++)
        {
            _first[country] = _networks.Count;
            Populate(country, CountryShares.Of(Countries[country].Code));
        }

        _first[^1] = _networks.Count;
        _cumulative = new double[_networks.Count + 1];
        for (var i = 0; i < _networks.Count; i++) _cumulative[i + 1] = _cumulative[i] + _networks[i].Share;
    }

    public static Country[] Countries => Atlas.Countries;

    public IReadOnlyList<BenchmarkNetwork> Networks => _networks;

    public static int CountryIndex(string code) => Array.FindIndex(Countries, country => country.Code == code);

    /// <summary>A network by its share of the people.</summary>
    public int Draw(SeededRandom random) => Find(random.Uniform() * _cumulative[^1]);

    /// <summary>A network of one country by its share of the people there.</summary>
    public int DrawIn(int country, SeededRandom random) =>
        Find(random.Uniform(_cumulative[_first[country]], _cumulative[_first[country + 1]]));

    /// <summary>Probability of <see cref="Draw"/>.</summary>
    public double Share(int network) => _networks[network].Share / _cumulative[^1];

    public double CountryShare(int country) => (_cumulative[_first[country + 1]] - _cumulative[_first[country]]) / _cumulative[^1];

    /// <summary>Probability that <see cref="Draw"/> and a lease there give this host.</summary>
    public double Density(int network, int host) => Share(network) * _networks[network].Density(host);

    public IpAddress Address(int network, int host)
    {
        // A bijection over all /24 networks, so that the parts of a pool lie scattered.
        var index = (uint)(_networks[network].FirstBlock + BenchmarkNetwork.BlockOf(host));
        var scattered = ((index * 0x3_5A4Du) + _scatter) & ((1u << BlockBits) - 1);
        var slash24 = ((uint)Internet.FirstOctets[scattered >> 16] << 24) | ((scattered & 0xFFFF) << 8);
        return IpAddress.FromIPv4(slash24 | (10 + (3 * ((uint)host % BenchmarkNetwork.HostsPerBlock))));
    }

    /// <summary>The city that a geo database places a /24 of a network in.</summary>
    public City CityOf(int network, int block)
    {
        var cities = Countries[_networks[network].Country].Cities;
        return cities[(int)(SeededRandom.Mix(((ulong)_networks[network].Number << 20) | (uint)block) % (ulong)cities.Length)];
    }

    private void Populate(int country, double share)
    {
        var home = share * (1 - InfrastructureShare);
        foreach (var large in Large) Add(country, NetworkKind.Residential, home * large);
        var count = TailNetworks * (share > 0.1 ? 10 : 1);
        var weights = Enumerable.Range(0, count).Select(i => 1.0 / (i + 8)).ToArray();
        var tail = (1 - Large.Sum()) / weights.Sum();
        foreach (var weight in weights) Add(country, NetworkKind.Residential, home * tail * weight);
        var infrastructure = share * InfrastructureShare;
        Add(country, NetworkKind.Hosting, infrastructure * 0.2);
        Add(country, NetworkKind.Hosting, infrastructure * 0.1);
        Add(country, NetworkKind.Vpn, infrastructure * 0.6);
        Add(country, NetworkKind.Tor, infrastructure * 0.1);
    }

    private void Add(int country, NetworkKind kind, double share)
    {
        // Gaps between the numbers, so that neighbours say nothing about each other.
        var number = Internet.FirstNumber + (uint)(_networks.Count * 97) + (uint)(SeededRandom.Mix(_scatter + (ulong)_networks.Count) % 97);
        var blocks = Math.Max(1, (int)(share * _subjects * LeasesPerSubject / BenchmarkNetwork.HostsPerBlock));
        _networks.Add(new BenchmarkNetwork(number, country, kind, share, _nextBlock, blocks));
        _nextBlock += blocks;
    }

    private int Find(double at)
    {
        var found = Array.BinarySearch(_cumulative, at);
        return Math.Clamp(found >= 0 ? found : ~found - 1, 0, _networks.Count - 1);
    }
}
