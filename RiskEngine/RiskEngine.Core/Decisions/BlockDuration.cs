using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Decisions;

/// <summary>How long an automated block lasts: base × factor^(earlier blocks), at most the cap, and then up to the jitter more.</summary>
/// <remarks>The jitter comes from the event's id, so that a replay repeats it and nobody can time the end of a block.</remarks>
public static class BlockDuration
{
    private const ulong FnvOffset = 14_695_981_039_346_656_037, FnvPrime = 1_099_511_628_211;

    /// <param name="first">How long the first block lasts.</param>
    /// <param name="earlierBlocks">Earlier blocks of the same thing, fading; rounded to whole ones.</param>
    public static TimeSpan Of(TimeSpan first, BlockDefaults defaults, float earlierBlocks, ReadOnlySpan<byte> eventId)
    {
        var growth = Math.Pow(defaults.Factor, Math.Round(Math.Clamp(earlierBlocks, 0, 64)));
        var seconds = Math.Min(first.TotalSeconds * growth, defaults.Cap.TotalSeconds);
        return TimeSpan.FromMilliseconds(Math.Floor(seconds * 1000 * (1 + (defaults.Jitter * Fraction(eventId)))));
    }

    /// <summary>A number from 0 to 1, evenly spread, always the same for the same id: FNV-1a, mixed by the finaliser of SplitMix64.</summary>
    private static double Fraction(ReadOnlySpan<byte> eventId)
    {
        var hash = FnvOffset;
        foreach (var b in eventId) hash = (hash ^ b) * FnvPrime;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        hash ^= hash >> 31;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
