using System.Numerics;

namespace RiskEngine.Simulation.Randomness;

/// <summary>The only source of chance in the simulation: xoshiro256** seeded through SplitMix64.</summary>
/// <remarks>
/// Both generators are public domain (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021). Only integer arithmetic
/// and the exactly rounded operations + − × ÷ are used, so that one seed gives the same numbers on every machine; distributions that would
/// need logarithms are drawn by comparison or from a table (<see cref="QuantileTable"/>). Mutable; each owner has its own, made by
/// <see cref="For"/>, so that one person's draws never move another's.
/// </remarks>
internal sealed class SeededRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public SeededRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>A generator of its own for one purpose and number: a pure function of the seed and both.</summary>
    public static SeededRandom For(ulong seed, Purpose purpose, long number) => new(Mix(Mix(seed ^ ((ulong)purpose << 56)) ^ (ulong)number));

    /// <summary>Scrambles a number: a fixed, well spread function for things that must always come out the same.</summary>
    public static ulong Mix(ulong value) => SplitMix(ref value);

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>0 inclusive to 1 exclusive.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double from, double to) => from + ((to - from) * Uniform());

    /// <summary>0 inclusive to <paramref name="count"/> exclusive; the bias of the multiplication is below 2⁻³².</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    public int Between(int lowest, int highest) => lowest + Below(highest - lowest + 1);

    public bool Chance(double probability) => Uniform() < probability;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>The index of a weight, drawn in proportion to it.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (var weight in weights) total += weight;
        var at = Uniform() * total;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            at -= weights[i];
            if (at < 0) return i;
        }

        return weights.Length - 1;
    }

    /// <summary>Exponentially distributed with mean 1, by von Neumann's comparisons: no logarithm.</summary>
    public double Exponential()
    {
        for (double whole = 0; ; whole++)
        {
            var first = Uniform();
            var last = first;
            while (true)
            {
                var next = Uniform();
                if (last <= next) return whole + first;
                last = Uniform();
                if (next <= last) break;
            }
        }
    }

    /// <summary>Number of events in a unit of time when <paramref name="mean"/> are expected.</summary>
    public int Poisson(double mean)
    {
        var count = -1;
        for (double time = 0; time < mean; count++) time += Exponential();
        return Math.Max(count, 0);
    }

    public TimeSpan Span(TimeSpan from, TimeSpan to) => TimeSpan.FromMilliseconds((long)Uniform(from.TotalMilliseconds, to.TotalMilliseconds));

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
