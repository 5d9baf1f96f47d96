using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>How long people wait between logins, by how many logins they have.</summary>
/// <remarks>
/// Seven bins as in the RBA data set (Wiefling et al. 2022, CC BY 4.0): below a minute 4.0 % of the gaps, to ten minutes 10.7 %, an hour 5.1 %, a day 11.2 %,
/// a week 17.2 %, thirty days 21.4 %, above 30.3 %. Those who log in often must have shorter gaps to fit into the time there is: their weights are tilted
/// towards short ones until they fit, and the others' the other way, so that all together have these shares.
/// </remarks>
internal static class GapMix
{
    private const long Second = 1000;
    private const long Day = 86_400 * Second;

    private static readonly long[] Edges = [5 * Second, 60 * Second, 600 * Second, 3600 * Second, Day, 7 * Day, 30 * Day, 200 * Day];
    private static readonly double[] Weights = [0.0245, 0.0645, 0.031, 0.070, 0.124, 0.215, 0.635];
    private static readonly double[] MeanDays = [0.0003, 0.003, 0.02, 0.3, 3.1, 15.8, 70];

    public static int Bins => Weights.Length;

    public static long Shortest(int bin) => Edges[bin];

    public static long Longest(int bin) => Edges[bin + 1];

    public static int BinOf(long gap)
    {
        for (var bin = 0; bin < Bins - 1; bin++) if (gap < Edges[bin + 1]) return bin;
        return Bins - 1;
    }

    /// <summary>Weights of the bins such that <paramref name="gaps"/> of them take <paramref name="days"/> together on average, or less.</summary>
    public static double[] For(int gaps, double days)
    {
        double low = 0, high = 1000;
        if (gaps * Mean(Tilted(0)) <= days) return Tilted(0);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            if (gaps * Mean(Tilted(middle)) > days) low = middle;
            else high = middle;
        }

        return Tilted(high);
    }

    /// <summary>A gap of one bin; short ones of a bin are likelier, as by the logarithm of the length.</summary>
    public static long Draw(int bin, SeededRandom random)
    {
        // Halving the range at random and drawing evenly within the last half comes near to a logarithmic scale without a logarithm.
        double low = Edges[bin], high = Edges[bin + 1];
        while (high > 2 * low && random.Chance(0.5)) high /= 2;
        return (long)random.Uniform(Math.Max(low, high / 2), high);
    }

    private static double[] Tilted(double tilt)
    {
        var tilted = new double[Weights.Length];
        for (var i = 0; i < tilted.Length; i++) tilted[i] = Weights[i] / ((1 + (tilt * MeanDays[i])) * (1 + (tilt * MeanDays[i])));
        return tilted;
    }

    private static double Mean(double[] weights)
    {
        double sum = 0, total = 0;
        for (var i = 0; i < weights.Length; i++) (sum, total) = (sum + (weights[i] * MeanDays[i]), total + weights[i]);
        return sum / total;
    }
}
