using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>When in the day and week somebody logs in, in local time.</summary>
internal sealed class Rhythm(double[] hours, double saturday, double sunday)
{
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 24 * HourMilliseconds;

    /// <summary>Office hours.</summary>
    public static Rhythm Work { get; } = new([0.2, 0.1, 0.1, 0.1, 0.1, 0.4, 1.5, 5, 10, 11, 9, 7, 6, 8, 8, 7, 6, 4, 2.5, 2, 2, 1.8, 1, 0.5], 0.15, 0.12);

    /// <summary>The day of private accounts.</summary>
    /// <remarks>Median successes per minute by hour in the RBA data set (Wiefling et al. 2022, CC BY 4.0), read off a figure and interpolated.</remarks>
    public static Rhythm Private { get; } =
        new([5, 5, 6, 7, 9, 12, 17, 23, 28, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 27, 22, 15, 8], 0.95, 0.9);

    /// <summary>Whether an event at that time of the week happens at all: weekends are thinned.</summary>
    public bool Keeps(EventTime time, TimeSpan utcOffset, SeededRandom random) => (time + utcOffset).ToDateTimeOffset().DayOfWeek switch
    {
        DayOfWeek.Saturday => random.Chance(saturday),
        DayOfWeek.Sunday => random.Chance(sunday),
        _ => true,
    };

    /// <summary>A time within the 24 hours from <paramref name="from"/>, which may begin at any hour.</summary>
    public EventTime Draw(EventTime from, TimeSpan utcOffset, SeededRandom random)
    {
        var local = (random.Weighted(hours) * HourMilliseconds) + random.Below((int)HourMilliseconds);
        var sinceFrom = (local - (long)utcOffset.TotalMilliseconds - (from.UnixMilliseconds % DayMilliseconds)) % DayMilliseconds;
        return from + TimeSpan.FromMilliseconds(sinceFrom < 0 ? sinceFrom + DayMilliseconds : sinceFrom);
    }

    /// <summary>Whether people are at their desks.</summary>
    public static bool IsWorkingTime(EventTime time, TimeSpan utcOffset)
    {
        var local = (time + utcOffset).ToDateTimeOffset();
        return local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && local.Hour is >= 7 and < 18;
    }
}
