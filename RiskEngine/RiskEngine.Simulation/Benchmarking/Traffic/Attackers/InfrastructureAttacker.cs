using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Comes from rented or listed addresses; the device is a random other subject's.</summary>
internal sealed class InfrastructureAttacker(Habits habits, DonorIndex donors, InfrastructureHosts hosts) : IAttacker
{
    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var (network, host) = hosts.Draw(random);
        return default(LoginShown).WithBorrowedDevice(victim.Replaced, donors, habits, random) with { Network = network, Host = host };
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest) => hosts.Density(shown.Network, shown.Host) * BorrowedDevice.Density(victim, shown);
}
