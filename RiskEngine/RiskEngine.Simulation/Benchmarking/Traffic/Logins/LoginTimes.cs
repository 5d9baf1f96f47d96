using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>When a subject logs in during the whole stream.</summary>
/// <remarks>
/// The number of logins has the RBA data set's heavy tail (Wiefling et al. 2022, CC BY 4.0): 39.7 % have one, the median is two, 8.5 % have ten or more,
/// one in a hundred 28. Gaps are those of <see cref="GapMix"/>; within a day and more they are moved to hours that the subject keeps.
/// </remarks>
internal static class LoginTimes
{
    public const int Days = 390;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const int MostLogins = 150;

    private static readonly QuantileTable Counts = new(
        (0, 1), (0.397, 2), (0.58, 3), (0.68, 4), (0.80, 6), (0.915, 10), (0.96, 15), (0.98, 21), (0.99, 28.5), (0.999, 60), (1, MostLogins));

    // What a number of gaps may take on average, so that the sums rarely exceed the stream.
    private static readonly double[][] Mixes = [.. Enumerable.Range(0, MostLogins + 1).Select(gaps => GapMix.For(gaps, Days * 0.80))];

    /// <summary>Milliseconds since 1970, rising.</summary>
    public static List<long> Draw(long start, SeededRandom random)
    {
        var count = (int)Counts.Draw(random);
        var curve = new DayCurve(random);
        var gaps = Gaps(count - 1, random);
        var slack = Math.Max(Day, ((Days - 1) * Day) - gaps.Sum());
        var first = (long)(random.Uniform() * slack);
        var time = start + (first - (first % Day)) + (curve.Draw(random) * Hour) + random.Below((int)Hour);
        var times = new List<long>(count) { time };
        foreach (var gap in gaps)
        {
            time += Moved(time, gap, curve, random);
            if (time >= start + (Days * Day)) break;
            times.Add(time);
        }

        return times;
    }

    private static long[] Gaps(int count, SeededRandom random)
    {
        var gaps = new long[count];
        for (var attempt = 0; attempt < 50; attempt++)
        {
            // Each try that did not fit is followed by one of more gaps' weights, which are shorter.
            var mix = Mixes[Math.Min(MostLogins, count + attempt)];
            for (var i = 0; i < count; i++) gaps[i] = GapMix.Draw(random.Weighted(mix), random);
            if (gaps.Sum() < (Days - 2) * Day) return gaps;
        }

        return gaps;
    }

    /// <summary>The gap, changed within its bin so that the login falls into an hour that the subject keeps.</summary>
    private static long Moved(long time, long gap, DayCurve curve, SeededRandom random)
    {
        if (gap < Hour) return gap;
        var bin = GapMix.BinOf(gap);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var moved = gap;
            if (gap >= Day)
            {
                var midnight = (time + gap) - ((time + gap) % Day);
                moved = midnight + (curve.Draw(random) * Hour) + random.Below((int)Hour) - time;
            }
            else if (attempt > 0)
            {
                moved = GapMix.Draw(bin, random);
            }

            if (GapMix.BinOf(moved) == bin && (gap >= Day || curve.Accepts((int)((time + moved) / Hour % 24), random))) return moved;
        }

        return gap;
    }
}
