namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>The logins of one attacker, each at its place among the honest ones: every figure of the ROC curve from one pass.</summary>
/// <remarks>
/// An attack above which the share a of the honest weight lies, and b with its equals, is caught at the challenge rates from b on, and by lot between a and
/// b. The curve is the mean of these ramps, so recall at a rate, the area (Mann and Whitney 1947, ties half) and the area to a rate are means over attacks.
/// Immutable and thread-safe.
/// </remarks>
public sealed class Placement
{
    private readonly int[] _above;
    private readonly int[] _atLeast;
    private readonly int[] _clusters;
    private readonly int[] _caught;

    /// <param name="ranking">The honest logins.</param>
    /// <param name="scores">Those of the attacks.</param>
    /// <param name="clusters">Whose account each was made on.</param>
    /// <param name="thresholds">Frozen thresholds, in the order of <see cref="Operating.Rates"/>, or none; a score that reaches one is challenged.</param>
    public Placement(Ranking ranking, IReadOnlyList<float> scores, IReadOnlyList<int> clusters, IReadOnlyList<float> thresholds)
    {
        float[] sorted = [.. scores];
        _clusters = [.. clusters];
        Array.Sort(sorted, _clusters);
        Array.Reverse(sorted);
        Array.Reverse(_clusters);
        (_above, _atLeast) = (new int[sorted.Length], new int[sorted.Length]);
        for (var i = 0; i < sorted.Length; i++) (_above[i], _atLeast[i]) = ranking.Place(sorted[i]);
        _caught = [.. thresholds.Select(threshold => sorted.Count(score => score >= threshold))];
    }

    public int Count => _above.Length;

    /// <summary>Reads every figure off the curve.</summary>
    /// <param name="cumulative">As <see cref="Ranking.Weigh"/> filled it.</param>
    /// <param name="weights">One for each cluster.</param>
    /// <param name="figures">Room for a row; NaN where there is no honest login or no attack of any weight.</param>
    internal void Measure(ReadOnlySpan<int> cumulative, ReadOnlySpan<byte> weights, Span<double> figures)
    {
        var honest = (double)cumulative[^1];
        figures.Clear();
        double attacks = 0;
        for (var i = 0; i < _above.Length; i++)
        {
            var weight = weights[_clusters[i]];
            if (weight == 0) continue;
            attacks += weight;
            var (from, to) = (cumulative[_above[i]] / honest, cumulative[_atLeast[i]] / honest);
            figures[FigureRow.Auc] += weight * (1 - ((from + to) / 2));
            figures[FigureRow.PartialAuc] += weight * Area(from, to, Operating.Headline) / Operating.Headline;
            for (var k = 0; k < Operating.Rates.Length; k++) figures[FigureRow.Recall + k] += weight * Caught(from, to, Operating.Rates[k]);
            for (var k = 0; k < _caught.Length; k++)
            {
                if (i < _caught[k]) figures[FigureRow.FrozenRecall + k] += weight;
            }
        }

        if (attacks == 0 || honest == 0)
        {
            figures.Fill(double.NaN);
            return;
        }

        foreach (ref var figure in figures) figure /= attacks;
        for (var k = 0; k < Operating.Recalls.Length; k++) figures[FigureRow.ChallengesFor + k] = ChallengesFor(Operating.Recalls[k] * attacks, cumulative, weights);
    }

    /// <summary>The share of attacks caught when that share of honest logins is challenged.</summary>
    public double RecallAt(double rate, ReadOnlySpan<int> cumulative, ReadOnlySpan<byte> weights)
    {
        var honest = (double)cumulative[^1];
        double attacks = 0, caught = 0;
        for (var i = 0; i < _above.Length; i++)
        {
            var weight = weights[_clusters[i]];
            attacks += weight;
            caught += weight * Caught(cumulative[_above[i]] / honest, cumulative[_atLeast[i]] / honest, rate);
        }

        return caught / attacks;
    }

    /// <summary>The share of honest logins challenged when that weight of attacks is caught.</summary>
    private double ChallengesFor(double needed, ReadOnlySpan<int> cumulative, ReadOnlySpan<byte> weights)
    {
        var honest = (double)cumulative[^1];
        double caught = 0;
        for (int start = 0, end; start < _above.Length; start = end)
        {
            double block = 0;
            for (end = start; end < _above.Length && _above[end] == _above[start] && _atLeast[end] == _atLeast[start]; end++) block += weights[_clusters[end]];
            var (from, to) = (cumulative[_above[start]] / honest, cumulative[_atLeast[start]] / honest);
            if (block > 0 && caught + block >= needed) return from + ((to - from) * (needed - caught) / block);
            caught += block;
        }

        return 1;
    }

    private static double Caught(double from, double to, double rate) => rate >= to ? 1 : rate <= from ? 0 : (rate - from) / (to - from);

    /// <summary>The integral of <see cref="Caught"/> from nothing to that rate.</summary>
    private static double Area(double from, double to, double rate) =>
        rate <= from ? 0 : rate >= to ? rate - ((from + to) / 2) : (rate - from) * (rate - from) / (2 * (to - from));
}
