using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Draws subjects with replacement, all logins of a subject together (cluster bootstrap; Davison and Hinkley 1997, section 3.8).</summary>
/// <remarks>Equal seeds give equal draws, so that contestants are compared on the same ones. Not thread-safe.</remarks>
public sealed class ClusterBootstrap
{
    private readonly SeededRandom _random;
    private readonly int[] _clusters;

    /// <param name="seed">What is drawn from.</param>
    /// <param name="clusters">Those there are to draw.</param>
    public ClusterBootstrap(int seed, IEnumerable<int> clusters)
    {
        _random = new SeededRandom((ulong)seed);
        _clusters = [.. clusters.Distinct().Order()];
    }

    /// <summary>Makes every cluster count once: the sample itself.</summary>
    public void TakeAll(Span<byte> weights)
    {
        weights.Clear();
        foreach (var cluster in _clusters) weights[cluster] = 1;
    }

    /// <summary>Draws as many clusters as there are; a cluster's weight is how often it came.</summary>
    public void Draw(Span<byte> weights)
    {
        weights.Clear();
        for (var i = 0; i < _clusters.Length; i++)
        {
            ref var weight = ref weights[_clusters[_random.Below(_clusters.Length)]];
            if (weight < byte.MaxValue) weight++;
        }
    }
}
