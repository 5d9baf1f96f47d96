using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>A device like a random other person's, with the versions that such a device shows at the time of the attack: a donor's are of the future.</summary>
internal static class BorrowedDevice
{
    public static LoginShown WithVersionAt(this LoginShown donor, long time, Habits habits, SeededRandom random) =>
        donor with { Version = habits.Versions.Draw(donor.Model, time, random) };

    public static double Density(in Victim victim, in LoginShown shown) =>
        DeviceCatalog.Models[shown.Model].Share * Versions(victim, shown);

    public static double Versions(in Victim victim, in LoginShown shown) =>
        victim.Expected.Habits.Versions.Density(shown.Model, shown.Version, victim.Expected.Time);
}
