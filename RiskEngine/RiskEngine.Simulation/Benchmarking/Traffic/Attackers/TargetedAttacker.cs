using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Knows the victim: network, device and versions are those of the login replaced; only the address is one that the account has never shown.</summary>
internal sealed class TargetedAttacker(Habits habits, DonorIndex donors) : IAttacker
{
    private const int Tries = 8;

    /// <summary>Not where the account has shown the better half of the network's addresses: there is none left to take.</summary>
    public bool Attacks(in Victim victim) => Known(victim, victim.Replaced.Shown.Network) < 0.5;

    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var replaced = victim.Replaced.Shown;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (!donors.TryNetwork(replaced.Network, victim.Replaced, random, out var donor)) break;
            if (!IsKnown(victim, replaced.Network, donor.Host)) return replaced with { Host = donor.Host };
        }

        while (true)
        {
            var host = habits.World.Networks[replaced.Network].Lease(random);
            if (!IsKnown(victim, replaced.Network, host)) return replaced with { Host = host };
        }
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest)
    {
        if (IsKnown(victim, shown.Network, shown.Host)) return 0;
        var unknown = 1 - Known(victim, shown.Network);
        return honest.Network * habits.World.Networks[shown.Network].Density(shown.Host) / unknown * honest.Device;
    }

    private static bool IsKnown(in Victim victim, int network, int host)
    {
        foreach (ref readonly var row in victim.Expected.Past)
        {
            if (row.Shown.Network == network && row.Shown.Host == host) return true;
        }

        return false;
    }

    /// <summary>How likely a lease of the network is one that the account has shown.</summary>
    private double Known(in Victim victim, int network)
    {
        double known = 0;
        var past = victim.Expected.Past;
        for (var i = 0; i < past.Length; i++)
        {
            if (past[i].Shown.Network != network || IsRepeated(past, i)) continue;
            known += habits.World.Networks[network].Density(past[i].Shown.Host);
        }

        return known;
    }

    private static bool IsRepeated(ReadOnlySpan<LoginRow> past, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (past[i].Shown.Network == past[index].Shown.Network && past[i].Shown.Host == past[index].Shown.Host) return true;
        }

        return false;
    }
}
