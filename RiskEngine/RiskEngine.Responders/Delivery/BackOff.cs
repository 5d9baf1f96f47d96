namespace RiskEngine.Responders.Delivery;

/// <summary>Exponential back-off with full jitter: a wait drawn evenly between nothing and a bound that doubles with each failure.</summary>
/// <remarks>
/// After M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Drawn from the item's number by SplitMix64 (Steele, Lea, Flood,
/// OOPSLA 2014), so that the same item waits the same time wherever it is asked. Pure.
/// </remarks>
public static class BackOff
{
    /// <param name="seed">The item's number.</param>
    /// <param name="failures">Failures so far, from 1.</param>
    /// <param name="first">The bound after the first failure.</param>
    /// <param name="longest">The bound that is not exceeded.</param>
    public static TimeSpan Wait(long seed, int failures, TimeSpan first, TimeSpan longest)
    {
        var bound = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 32)));
        return TimeSpan.FromMilliseconds(bound * Fraction(unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + (ulong)failures)));
    }

    /// <summary>A number from 0 to just below 1.</summary>
    private static double Fraction(ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            return ((state ^ (state >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
