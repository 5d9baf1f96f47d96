using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>A device of a random other person, with the versions that it shows soon after the attack.</summary>
/// <remarks>
/// Versions are the owner's and not drawn anew: many an honest login shows what its subject showed before, so that the fleet has seen it at least once. One
/// drawn anew would be rarer than that, and its rarity alone would tell the attacker. Any login lends its device, not only one with a new lease, since those
/// come more often from people with few logins behind them. What could not have been out at the time of the attack is not shown.
/// </remarks>
internal static class BorrowedDevice
{
    private const int Tries = 4;

    public static LoginShown WithBorrowedDevice(this LoginShown shown, in LoginRow replaced, DonorIndex donors, Habits habits, SeededRandom random)
    {
        for (var attempt = 0; attempt < Tries && donors.TryDevice(replaced, random, out var owner); attempt++)
        {
            if (habits.Versions.Density(owner.Model, owner.Version, replaced.Time) > 0) return shown with { Model = owner.Model, Version = owner.Version };
        }

        var model = DeviceCatalog.Draw(random);
        return shown with { Model = model, Version = habits.Versions.Draw(model, replaced.Time, random) };
    }

    public static double Density(in Victim victim, in LoginShown shown) =>
        DeviceCatalog.Models[shown.Model].Share * Versions(victim, shown);

    public static double Versions(in Victim victim, in LoginShown shown) =>
        victim.Expected.Habits.Versions.Density(shown.Model, shown.Version, victim.Expected.Time);
}
