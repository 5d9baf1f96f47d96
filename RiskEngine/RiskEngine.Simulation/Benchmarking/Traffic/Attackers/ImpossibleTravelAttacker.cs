using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Logs in from a city that the victim, seen elsewhere less than six hours ago, cannot have reached; the device is a random other subject's.</summary>
/// <remarks>Victims are subjects whose events carry coordinates, one in three.</remarks>
internal sealed class ImpossibleTravelAttacker(Habits habits, DonorIndex donors, Geography geography) : IAttacker
{
    private const double LongestGap = 6 * 3600;
    private const ulong LocatedOneIn = 3;

    /// <summary>Whether a subject's events carry coordinates.</summary>
    public static bool IsLocated(int subject) => SeededRandom.Mix((ulong)subject ^ 0x6E0) % LocatedOneIn == 0;

    public bool Attacks(in Victim victim) =>
        !victim.Expected.IsFirst && IsLocated(victim.Replaced.Subject) && victim.Expected.GapSeconds < LongestGap && OutOfReach(victim).Count > 0;

    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var (network, host) = geography.Draw(random.Pick(OutOfReach(victim)), random);
        return default(LoginShown).WithBorrowedDevice(victim.Replaced, donors, habits, random) with { Network = network, Host = host };
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest)
    {
        var cities = OutOfReach(victim);
        var city = CityOf(shown);
        return cities.Contains(city) ? geography.Density(city, shown.Network, shown.Host) / cities.Count * BorrowedDevice.Density(victim, shown) : 0;
    }

    private List<City> OutOfReach(in Victim victim) => geography.OutOfReach(CityOf(victim.Expected.Past[^1].Shown), victim.Expected.GapSeconds);

    private City CityOf(in LoginShown shown) => habits.World.CityOf(shown.Network, BenchmarkNetwork.BlockOf(shown.Host));
}
