using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>How rare in the fleet the autonomous systems are that honest people turn up in: in a new one, or for the first time.</summary>
/// <remarks>
/// A histogram of the system's share of the fleet, in powers of two. What rented servers and proxies look like is told from it: networks that hardly
/// anybody here uses, which is unusual only so far as honest people do not go there too. Plain data, stored as it lies in memory; whoever holds it fades it.
/// </remarks>
public struct RarityHistogram
{
    /// <summary>Imaginary logins in each bucket: until the fleet has shown otherwise, rare systems are as usual as any.</summary>
    private const float Prior = 0.5f;

    private Buckets _counts;

    /// <summary>Counts an accepted login.</summary>
    /// <param name="share">The system's share of the fleet, 0 to 1.</param>
    public void Observe(float share) => _counts[BucketOf(share)]++;

    /// <summary>Which part of such logins comes from systems as rare as this or rarer; 0 to 1, never 0.</summary>
    public readonly float Tail(float share)
    {
        float all = 0, tail = 0;
        var bucket = BucketOf(share);
        for (var i = 0; i < Buckets.Length; i++)
        {
            all += _counts[i] + Prior;
            if (i >= bucket) tail += _counts[i] + Prior;
        }

        return tail / all;
    }

    public void Fade(float factor)
    {
        for (var i = 0; i < Buckets.Length; i++) _counts[i] *= factor;
    }

    /// <summary>Adds what another judge counted between the two.</summary>
    public void Add(in RarityHistogram mine, in RarityHistogram before) => MergedCounts.Add(_counts, mine._counts, before._counts);

    /// <summary>Empties buckets that hold no count, as only damaged bytes do.</summary>
    internal void Repair()
    {
        for (var i = 0; i < Buckets.Length; i++)
        {
            if (!(_counts[i] >= 0 && float.IsFinite(_counts[i]))) _counts[i] = 0;
        }
    }

    private static int BucketOf(float share) => Math.Clamp((int)-MathF.Log2(share), 0, Buckets.Length - 1);

    [InlineArray(Length)]
    private struct Buckets
    {
        public const int Length = 20;

        private float _first;
    }
}
