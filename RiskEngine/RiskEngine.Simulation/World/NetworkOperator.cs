using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.World;

/// <summary>An autonomous system: its addresses, and where a geo database would place each of them.</summary>
/// <remarks>
/// The address space is invented: IPv4 blocks that were handed out whole decades ago and carry no public services, scattered so that no
/// kind of operator has a part of its own; IPv6 from the documentation range of RFC 3849; numbers of autonomous systems from the private
/// range of RFC 6996. Nothing here names a real provider or host. The position of an address is a function of its /24 (or /48), as in a geo
/// database: equal addresses are always at equal places. Immutable after construction.
/// </remarks>
internal sealed class NetworkOperator(uint number, string name, OperatorKind kind, City[] cities, uint[] blocks, ushort site)
{
    private const int SlashTwentyFoursPerBlock = 256;
    private const uint SitesPerCity = 64;

    public uint Number => number;

    public string Name => name;

    public OperatorKind Kind => kind;

    public City[] Cities => cities;

    /// <summary>How far from its city an address may be placed: a carrier's gateway serves a whole region.</summary>
    private double Reach => kind switch { OperatorKind.Mobile => 95, OperatorKind.Residential => 18, _ => 0 };

    /// <summary>Any address of that city: what a line at home is leased.</summary>
    public AccessPoint Lease(City city, SeededRandom random) => At(city, random.Below(NetworksPerCity), random.Between(1, 254));

    /// <summary>One of the few addresses that many share: a carrier's gateway, a VPN's exit, a hotel's or an office's line.</summary>
    /// <param name="size">How many addresses the pool of that city has, 1 to 254.</param>
    public AccessPoint Pooled(City city, int size, SeededRandom random) => At(city, random.Below(1 + (size / 16)), random.Between(1, size));

    /// <summary>A /64 of that city for one line; the interface id is the device's.</summary>
    public AccessPoint LeaseIPv6(City city, SeededRandom random)
    {
        var network = (uint)site + ((uint)Array.IndexOf(cities, city) * SitesPerCity) + (uint)random.Below((int)SitesPerCity);
        var prefix = (0x2001_0db8UL << 32) | ((ulong)network << 16) | (uint)random.Below(1 << 16);
        return Place(new IpAddress(prefix, 0), network, city).WithInterface(random);
    }

    private int NetworksPerCity => blocks.Length * SlashTwentyFoursPerBlock / cities.Length;

    private AccessPoint At(City city, int network, int host)
    {
        var index = (Array.IndexOf(cities, city) * NetworksPerCity) + network;
        var slash24 = blocks[index / SlashTwentyFoursPerBlock] | ((uint)(index % SlashTwentyFoursPerBlock) << 8);
        return Place(IpAddress.FromIPv4(slash24 | (uint)host), slash24, city);
    }

    private AccessPoint Place(IpAddress address, ulong network, City city) =>
        new(address, this, city, Reach == 0 ? city.Position : city.Position.Scattered(SeededRandom.Mix(network), Reach));
}
