using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>What is usual for each hour of the week, as a mean that follows the last five weeks or so. Plain data, stored as it lies in memory.</summary>
/// <remarks>
/// An hour seen seldom leans on the same hour of other days, and that on all hours, by additive smoothing; all of them on what the caller takes for usual
/// while nothing was seen. How often each hour was seen is kept once for all series, as a season of its own.
/// </remarks>
internal struct WeekSeason
{
    public const int Hours = 168;

    /// <summary>Weeks that a mean remembers.</summary>
    public const float Memory = 5;

    /// <summary>Imaginary hours of the prior in the mean of all hours, and of that in an hour of the day, and of that in an hour of the week.</summary>
    private const float AllPrior = 12, DayPrior = 2, WeekPrior = 2;

    private Slots _means;

    /// <summary>The mean of an hour of the week, 0 to 167.</summary>
    public float this[int hour]
    {
        readonly get => (float)_means[hour];
        set => _means[hour] = (Half)MathF.Min(value, (float)Half.MaxValue);
    }

    /// <summary>The hour of the week of a moment; Unix time began on a Thursday.</summary>
    public static int HourOf(uint unixHour) => (int)(unixHour % Hours);

    /// <summary>What is usual for an hour.</summary>
    /// <param name="seen">How often each hour was seen, at most <see cref="Memory"/>.</param>
    /// <param name="prior">What is usual where nothing was seen.</param>
    public readonly float Expected(int hour, in WeekSeason seen, float prior)
    {
        float all = AllPrior * prior, allWeight = AllPrior, day = 0, dayWeight = DayPrior;
        for (var i = 0; i < Hours; i++)
        {
            all += seen[i] * this[i];
            allWeight += seen[i];
        }

        for (var i = hour % 24; i < Hours; i += 24)
        {
            day += seen[i] * this[i];
            dayWeight += seen[i];
        }

        day = (day + (DayPrior * all / allWeight)) / dayWeight;
        return ((seen[hour] * this[hour]) + (WeekPrior * day)) / (seen[hour] + WeekPrior);
    }

    /// <summary>Lifts every hour to at least that mean.</summary>
    public void LiftTo(float mean)
    {
        for (var i = 0; i < Hours; i++) this[i] = MathF.Max(this[i], mean);
    }

    /// <summary>Whether every mean is a number and not below 0; told by its bits, for it is asked of every batch.</summary>
    public readonly bool IsSound => !MemoryMarshal.Cast<Half, ushort>((ReadOnlySpan<Half>)_means).ContainsAnyExceptInRange((ushort)0, BitConverter.HalfToUInt16Bits(Half.MaxValue));

    [InlineArray(Hours)]
    private struct Slots
    {
        private Half _first;
    }
}
