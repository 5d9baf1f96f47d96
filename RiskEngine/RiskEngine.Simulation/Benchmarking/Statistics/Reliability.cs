using System.Collections.Immutable;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Whether a score means what it says: predicted against observed share of attacks, at the reference base rate.</summary>
/// <remarks>
/// Honest logins weigh 99 % together and attacks 1 %, every attacker the same, the perfect mimic left out. Brier score (Brier 1950); expected calibration error
/// (Naeini et al., AAAI 2015) over bins with fixed ends, as nearly all logins lie below 2 %.
/// </remarks>
public static class Reliability
{
    /// <summary>The share of attacks that scores are made for.</summary>
    public const double BaseRate = 0.01;

    private static readonly ImmutableArray<double> Ends = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

    /// <param name="contestant">Whose scores are log-odds in nats.</param>
    /// <returns>Null where there is no attack or no honest login.</returns>
    public static ReliabilityFigures? Measure(ScoredStream stream, Selection selection, int contestant)
    {
        var logOdds = stream.ScoresOf(contestant);
        var families = Enumerable.Range(0, stream.Families.Count).Where(family => stream.Families[family] != AttackFamilies.Mimic && selection.Attacks[family].Count > 0).ToList();
        if (families.Count == 0 || selection.Honest.Count == 0) return null;
        var (mass, predicted, observed) = (new double[Ends.Length], new double[Ends.Length], new double[Ends.Length]);
        double brier = 0;
        Add(selection.Honest, 0, (1 - BaseRate) / selection.Honest.Count);
        foreach (var family in families) Add(selection.Attacks[family], 1, BaseRate / families.Count / selection.Attacks[family].Count);
        double error = 0;
        for (var i = 0; i < Ends.Length; i++) error += Math.Abs(predicted[i] - observed[i]);
        return new ReliabilityFigures(
            brier, error,
            [.. Ends.Select((end, i) => new ReliabilityBin(i == 0 ? 0 : Ends[i - 1], end, mass[i], mass[i] == 0 ? double.NaN : predicted[i] / mass[i], mass[i] == 0 ? double.NaN : observed[i] / mass[i]))]);

        void Add(IReadOnlyList<int> logins, double outcome, double weight)
        {
            foreach (var at in logins)
            {
                var probability = 1 / (1 + Math.Exp(-logOdds[at]));
                var bin = 0;
                while (bin < Ends.Length - 1 && probability >= Ends[bin]) bin++;
                mass[bin] += weight;
                predicted[bin] += weight * probability;
                observed[bin] += weight * outcome;
                brier += weight * (probability - outcome) * (probability - outcome);
            }
        }
    }
}

/// <param name="Brier">Mean squared error, 0 to 1.</param>
/// <param name="CalibrationError">Expected calibration error, 0 to 1.</param>
public sealed record ReliabilityFigures(double Brier, double CalibrationError, IReadOnlyList<ReliabilityBin> Bins);

/// <summary>Logins whose probability lies between two ends, the lower one included.</summary>
/// <param name="Mass">Their share of the weight.</param>
/// <param name="Predicted">Mean of what was said; NaN of none.</param>
/// <param name="Observed">Share of attacks; NaN of none.</param>
public sealed record ReliabilityBin(double From, double To, double Mass, double Predicted, double Observed);
