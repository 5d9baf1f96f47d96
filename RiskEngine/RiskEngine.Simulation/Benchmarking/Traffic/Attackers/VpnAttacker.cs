using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Knows the victim's country too, and comes out there: all is a random other subject's of that country.</summary>
internal sealed class VpnAttacker(Habits habits, DonorIndex donors) : IAttacker
{
    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var world = habits.World;
        var country = world.Networks[victim.Replaced.Shown.Network].Country;
        if (!donors.TryCountry(country, victim.Replaced, random, out var shown))
        {
            var network = world.DrawIn(country, random);
            shown = shown with { Network = network, Host = world.Networks[network].Lease(random) };
        }

        return shown.WithBorrowedDevice(victim.Replaced, donors, habits, random);
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest)
    {
        var world = habits.World;
        var within = world.Density(shown.Network, shown.Host) / world.CountryShare(world.Networks[shown.Network].Country);
        return honest.Country * within * BorrowedDevice.Density(victim, shown);
    }
}
