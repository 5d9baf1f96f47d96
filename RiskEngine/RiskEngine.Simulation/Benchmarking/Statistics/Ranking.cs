namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Honest logins in order of score, worst first: sorted once, weighed anew for each draw of a bootstrap.</summary>
/// <remarks>
/// Equal scores count as drawn by lot: where a threshold would have to cut through them, figures are interpolated, so that a scorer of two values has
/// a recall at every challenge rate. Immutable and thread-safe.
/// </remarks>
public sealed class Ranking
{
    private readonly float[] _scores;
    private readonly int[] _clusters;

    /// <param name="scores">Any numbers and infinities, no NaN.</param>
    /// <param name="clusters">Whose each is.</param>
    public Ranking(IReadOnlyList<float> scores, IReadOnlyList<int> clusters)
    {
        (_scores, _clusters) = ([.. scores], [.. clusters]);
        Array.Sort(_scores, _clusters);
        Array.Reverse(_scores);
        Array.Reverse(_clusters);
    }

    public int Count => _scores.Length;

    /// <summary>Sums up the weights of the logins from the worst on: entry k is the weight of the k worst.</summary>
    /// <param name="weights">One for each cluster.</param>
    /// <param name="cumulative">Room for <see cref="Count"/> + 1.</param>
    public void Weigh(ReadOnlySpan<byte> weights, Span<int> cumulative)
    {
        var sum = 0;
        cumulative[0] = 0;
        for (var i = 0; i < _clusters.Length; i++) cumulative[i + 1] = sum += weights[_clusters[i]];
    }

    /// <summary>How many honest logins score higher than that, and how many at least as high.</summary>
    public (int Above, int AtLeast) Place(float score) => (CountWhile(score, isEqualIn: false), CountWhile(score, isEqualIn: true));

    /// <summary>The lowest score from which on at most that share of the honest logins is challenged; infinite where not even the worst may be.</summary>
    /// <param name="rate">0 to 1.</param>
    public float ThresholdFor(double rate)
    {
        var most = (int)Math.Floor(rate * Count);
        if (most >= Count) return Count == 0 ? float.PositiveInfinity : _scores[^1];
        // The first that may not be challenged takes its equals with it.
        var at = CountWhile(_scores[most], isEqualIn: false);
        return at == 0 ? float.PositiveInfinity : _scores[at - 1];
    }

    private int CountWhile(float score, bool isEqualIn)
    {
        var (low, high) = (0, _scores.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_scores[middle] > score || (isEqualIn && _scores[middle] == score)) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
