using RiskEngine.Simulation.Benchmarking.Traffic.Networks;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>How likely a login is to follow an earlier one of the subject that showed the same, level by level.</summary>
/// <remarks>Seven in ten follow the last login; the others follow any of all earlier ones alike.</remarks>
/// <param name="Host">The same address.</param>
/// <param name="Block">The same /24.</param>
/// <param name="Network">The same autonomous system.</param>
/// <param name="Country">The same country.</param>
/// <param name="Model">The same kind of device and browser.</param>
internal readonly record struct Echo(double Host, double Block, double Network, double Country, double Model)
{
    public const double LastShare = 0.7;

    public static Echo Of(in LoginShown shown, ReadOnlySpan<LoginRow> past, IReadOnlyList<BenchmarkNetwork> networks)
    {
        int host = 0, block = 0, network = 0, country = 0, model = 0;
        var home = networks[shown.Network].Country;
        foreach (ref readonly var row in past)
        {
            if (row.Shown.Model == shown.Model) model++;
            if (row.Shown.Network != shown.Network)
            {
                if (networks[row.Shown.Network].Country == home) country++;
                continue;
            }

            country++;
            network++;
            if (BenchmarkNetwork.BlockOf(row.Shown.Host) == BenchmarkNetwork.BlockOf(shown.Host)) block++;
            if (row.Shown.Host == shown.Host) host++;
        }

        var last = past[^1].Shown;
        var sameNetwork = last.Network == shown.Network;
        return new Echo(
            Weight(host, sameNetwork && last.Host == shown.Host, past.Length),
            Weight(block, sameNetwork && BenchmarkNetwork.BlockOf(last.Host) == BenchmarkNetwork.BlockOf(shown.Host), past.Length),
            Weight(network, sameNetwork, past.Length),
            Weight(country, networks[last.Network].Country == home, past.Length),
            Weight(model, last.Model == shown.Model, past.Length));
    }

    /// <summary>Which login of the past is followed.</summary>
    public static int Pick(int count, Randomness.SeededRandom random) => random.Chance(LastShare) ? count - 1 : random.Below(count);

    private static double Weight(int count, bool isLast, int all) => (isLast ? LastShare : 0) + ((1 - LastShare) * count / all);
}
