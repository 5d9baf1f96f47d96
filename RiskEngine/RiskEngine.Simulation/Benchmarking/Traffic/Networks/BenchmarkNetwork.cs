using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Networks;

/// <summary>An autonomous system of the benchmark and the pool that its customers' addresses are leased from.</summary>
/// <remarks>
/// The pool is a number of /24 networks with 64 leased hosts each. In every fourth of them half of all leases are the first host: a gateway that
/// many share (NAT). A host is numbered within the pool; <see cref="BenchmarkWorld.Address"/> tells its address. Immutable.
/// </remarks>
/// <param name="Number">From the private range of RFC 6996.</param>
/// <param name="Country">Index into the world's countries.</param>
/// <param name="Share">Part of all first logins that come from here; all of them sum to 1.</param>
/// <param name="FirstBlock">Number of the pool's first /24 among all of the world.</param>
/// <param name="Blocks">How many /24 networks the pool has.</param>
internal sealed record BenchmarkNetwork(uint Number, int Country, NetworkKind Kind, double Share, int FirstBlock, int Blocks)
{
    public const int HostsPerBlock = 64;
    private const double GatewayShare = 0.5;
    private const double ResidentialListed = 0.059;
    private const double HostingListed = 0.35;
    private const double VpnListed = 0.4;

    public int Hosts => Blocks * HostsPerBlock;

    public static int BlockOf(int host) => host / HostsPerBlock;

    /// <summary>A new lease of any /24.</summary>
    public int Lease(SeededRandom random) => LeaseIn(random.Below(Blocks), random);

    /// <summary>A new lease within one /24.</summary>
    public int LeaseIn(int block, SeededRandom random)
    {
        var first = block * HostsPerBlock;
        if (!HasGateway(block)) return first + random.Below(HostsPerBlock);
        return random.Chance(GatewayShare) ? first : first + 1 + random.Below(HostsPerBlock - 1);
    }

    /// <summary>Probability that <see cref="Lease"/> gives this host.</summary>
    public double Density(int host) => DensityInBlock(host) / Blocks;

    /// <summary>Probability that <see cref="LeaseIn"/> gives this host, of the host's own /24.</summary>
    public double DensityInBlock(int host)
    {
        if (!HasGateway(BlockOf(host))) return 1.0 / HostsPerBlock;
        return host % HostsPerBlock == 0 ? GatewayShare : (1 - GatewayShare) / (HostsPerBlock - 1);
    }

    /// <summary>Whether the generator's own blocklist holds this host: all of Tor, a third of hosting, one in seventeen at home.</summary>
    public bool IsListed(int host) => Kind switch
    {
        NetworkKind.Tor => true,
        NetworkKind.Hosting => Fraction(host) < HostingListed,
        NetworkKind.Vpn => Fraction(host) < VpnListed,
        _ => Fraction(host) < ResidentialListed,
    };

    private static bool HasGateway(int block) => block % 4 == 3;

    private double Fraction(int host) => (SeededRandom.Mix(((ulong)Number << 32) | (uint)host) >> 11) * (1.0 / (1UL << 53));
}
