using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Addresses that attackers rent: half in hosting networks, a fifth exits of VPNs, the rest exits of Tor and listed lines at home alike.</summary>
internal sealed class InfrastructureHosts
{
    private const double Hosting = 0.5;
    private const double Vpn = 0.2;
    private const double Tor = 0.15;

    private readonly BenchmarkWorld _world;
    private readonly int[][] _networks;
    private readonly double _listedAtHome;

    public InfrastructureHosts(BenchmarkWorld world)
    {
        _world = world;
        _networks = [.. Enum.GetValues<NetworkKind>().Select(kind => Enumerable.Range(0, world.Networks.Count).Where(i => world.Networks[i].Kind == kind).ToArray())];
        _listedAtHome = Of(NetworkKind.Residential).Sum(network => world.Share(network) * ListedPart(world.Networks[network]));
    }

    public (int Network, int Host) Draw(SeededRandom random)
    {
        var kind = (NetworkKind)random.Weighted([1 - Hosting - Vpn - Tor, Hosting, Vpn, Tor]);
        if (kind != NetworkKind.Residential)
        {
            var rented = random.Pick(Of(kind));
            return (rented, _world.Networks[rented].Lease(random));
        }

        while (true)
        {
            var network = _world.Draw(random);
            var host = _world.Networks[network].Lease(random);
            if (_world.Networks[network].Kind == NetworkKind.Residential && _world.Networks[network].IsListed(host)) return (network, host);
        }
    }

    public double Density(int network, int host)
    {
        var of = _world.Networks[network];
        return of.Kind switch
        {
            NetworkKind.Hosting => Hosting / Of(of.Kind).Length * of.Density(host),
            NetworkKind.Vpn => Vpn / Of(of.Kind).Length * of.Density(host),
            NetworkKind.Tor => Tor / Of(of.Kind).Length * of.Density(host),
            _ => of.IsListed(host) ? (1 - Hosting - Vpn - Tor) * _world.Density(network, host) / _listedAtHome : 0,
        };
    }

    private int[] Of(NetworkKind kind) => _networks[(int)kind];

    private static double ListedPart(BenchmarkNetwork network)
    {
        double sum = 0;
        for (var host = 0; host < network.Hosts; host++) if (network.IsListed(host)) sum += network.Density(host);
        return sum;
    }
}
