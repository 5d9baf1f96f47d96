using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Knows the password and nothing else: network, address and device are a random other subject's.</summary>
internal sealed class NaiveAttacker(Habits habits, DonorIndex donors) : IAttacker
{
    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        if (!donors.TryAny(victim.Replaced, random, out var shown)) shown = habits.DrawFirst(victim.Expected.Time, random);
        return shown.WithBorrowedDevice(victim.Replaced, donors, habits, random);
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest) => habits.World.Density(shown.Network, shown.Host) * BorrowedDevice.Density(victim, shown);
}
