using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    /// <param name="seen">How often each hour was seen, and which hour is asked for.</param>
    /// <param name="prior">What is usual where nothing was seen.</param>
    public readonly float Expected(in SeenHours seen, float prior)
    {
        float all = AllPrior * prior, day = 0, hour = 0;
        var times = seen.Times[..Hours];
        if (!IsEmpty)
        {
            Span<float> means = stackalloc float[Hours];
            CopyTo(means);
            for (var i = 0; i < means.Length; i++) all += times[i] * means[i];
            for (var i = seen.Hour % 24; i < means.Length; i += 24) day += times[i] * means[i];
            hour = times[seen.Hour] * means[seen.Hour];
        }

        day = (day + (DayPrior * all / seen.All)) / seen.Day;
        return (hour + (WeekPrior * day)) / (times[seen.Hour] + WeekPrior);
    }

    /// <summary>Gets whether nothing ever came, as of most kinds of attack: then there is nothing to add up.</summary>
    private readonly bool IsEmpty => !MemoryMarshal.Cast<Half, ushort>((ReadOnlySpan<Half>)_means).ContainsAnyExcept((ushort)0);

    /// <summary>Writes the mean of every hour as numbers to calculate with, eight at a time.</summary>
    /// <remarks>
    /// The bits of a half-precision number that is not below 0, moved to where single precision has them, are that number but for an exponent that is less by
    /// 112; a product with a power of two is exact, also where a number is subnormal. Four times as fast as one conversion after the other.
    /// </remarks>
    private readonly void CopyTo(Span<float> numbers)
    {
        var halves = MemoryMarshal.Cast<Half, ushort>((ReadOnlySpan<Half>)_means);
        var exponent = Vector128.Create(MathF.ScaleB(1, 112));
        for (var i = 0; i < Hours; i += Vector128<ushort>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(halves[i..]));
            ((low << 13).AsSingle() * exponent).CopyTo(numbers[i..]);
            ((high << 13).AsSingle() * exponent).CopyTo(numbers[(i + Vector128<float>.Count)..]);
        }
    }

    /// <summary>How often each hour of the week was seen, and an hour to ask for: read once for the seasons of all series.</summary>
    public readonly ref struct SeenHours
    {
        private readonly Span<float> _times;

        /// <param name="hour">Of the week, 0 to 167.</param>
        /// <param name="room">Gets how often each hour was seen; at least <see cref="Hours"/>.</param>
        public SeenHours(int hour, in WeekSeason seen, Span<float> room)
        {
            Hour = hour;
            _times = room[..Hours];
            seen.CopyTo(_times);
            // Times are whole numbers, so that their sum is exact in whatever order.
            var sum = Vector128<float>.Zero;
            for (var i = 0; i < Hours; i += Vector128<float>.Count) sum += Vector128.Create<float>(_times[i..]);
            (All, Day) = (AllPrior + Vector128.Sum(sum), DayPrior);
            for (var i = hour % 24; i < Hours; i += 24) Day += _times[i];
        }

        public int Hour { get; }

        /// <summary>Gets how often each hour was seen, at most <see cref="Memory"/>.</summary>
        public ReadOnlySpan<float> Times => _times;

        /// <summary>Gets the hours in all, and those at this time of day, imaginary ones included.</summary>
        public float All { get; }

        public float Day { get; }
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
