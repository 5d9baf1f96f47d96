using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Where attackers connect from: rented servers, exits of VPNs, other people's lines.</summary>
/// <remarks>Servers are used by campaign after campaign, exits by honest people too, and half of the lines have been seen in honest traffic.</remarks>
internal sealed class AttackerHosts
{
    private const int FleetSize = 80;
    private const double FromFleet = 0.7;
    private const int ExitAddresses = 8;

    private readonly Internet _internet;
    private readonly AccessPoint[] _fleet;

    public AttackerHosts(Internet internet, ulong seed)
    {
        _internet = internet;
        var random = SeededRandom.For(seed, Purpose.AttackerHosts, 0);
        _fleet = [.. Enumerable.Range(0, FleetSize).Select(_ => Rent(random.Pick(internet.Hosting), random))];
    }

    /// <summary>A rented server, mostly one that was seen before.</summary>
    public AccessPoint Server(SeededRandom random) => random.Chance(FromFleet) ? random.Pick(_fleet) : Rent(random.Pick(_internet.Hosting), random);

    /// <summary>Servers of only a few providers.</summary>
    public AccessPoint[] Servers(int count, int providers, SeededRandom random)
    {
        var chosen = Enumerable.Range(0, providers).Select(_ => random.Pick(_internet.Hosting)).ToArray();
        AccessPoint[] known = [.. _fleet.Where(server => chosen.Contains(server.Operator))];
        return [.. Enumerable.Range(0, count).Select(_ => known.Length > 0 && random.Chance(0.3) ? random.Pick(known) : Rent(random.Pick(chosen), random))];
    }

    /// <summary>A VPN's exit, one of those its customers share.</summary>
    public AccessPoint VpnExit(SeededRandom random)
    {
        var vpn = random.Pick(_internet.Vpns);
        return vpn.Pooled(random.Pick(vpn.Cities), ExitAddresses, random);
    }

    /// <summary>Somebody's line at home, rented out without their knowledge: half of the time one that appears in the day's honest traffic.</summary>
    public AccessPoint Proxy(City city, DayTraffic traffic, SeededRandom random)
    {
        var neighbours = traffic.LinesAt(city);
        if (neighbours.Count > 0 && random.Chance(0.5)) return random.Pick(neighbours);
        return random.Pick(_internet.Residential[Array.FindIndex(Atlas.Countries, country => country.Code == city.Country)]).Lease(city, random);
    }

    /// <summary>Somebody's line anywhere.</summary>
    public AccessPoint Proxy(DayTraffic traffic, SeededRandom random) => Proxy(random.Pick(Atlas.Cities), traffic, random);

    /// <summary>Somebody's line in that country, which is where its people log in from.</summary>
    public AccessPoint ProxyIn(string country, DayTraffic traffic, SeededRandom random) =>
        Proxy(random.Pick(Array.Find(Atlas.Countries, each => each.Code == country)!.Cities), traffic, random);

    /// <summary>A rented server, a VPN's exit or somebody's line anywhere, in these proportions.</summary>
    public AccessPoint Any(ReadOnlySpan<double> shares, DayTraffic traffic, SeededRandom random) => random.Weighted(shares) switch
    {
        0 => Server(random),
        1 => VpnExit(random),
        _ => Proxy(traffic, random),
    };

    /// <summary>Where somebody hides who logs in with what they stole: abroad, behind a VPN, on a server, or on a line of the victim's country.</summary>
    public AccessPoint Hideout(City home, DayTraffic traffic, SeededRandom random) => random.Weighted([40, 25, 15, 20]) switch
    {
        0 => Proxy(Abroad(home, random), traffic, random),
        1 => VpnExit(random),
        2 => Server(random),
        _ => ProxyIn(home.Country, traffic, random),
    };

    private static City Abroad(City home, SeededRandom random)
    {
        while (true)
        {
            var city = random.Pick(Atlas.Cities);
            if (city.Country != home.Country) return city;
        }
    }

    private static AccessPoint Rent(NetworkOperator hosting, SeededRandom random) => hosting.Lease(random.Pick(hosting.Cities), random);
}
