using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Knows the password and nothing else: network, address and device are a random other subject's.</summary>
internal sealed class NaiveAttacker(Habits habits, DonorIndex donors) : IAttacker
{
    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var time = victim.Expected.Time;
        return donors.TryAny(victim.Replaced, random, out var donor) ? donor.WithVersionAt(time, habits, random) : habits.DrawFirst(time, random);
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest) => habits.World.Density(shown.Network, shown.Host) * BorrowedDevice.Density(victim, shown);
}
