using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>When in the day and week somebody logs in, in local time.</summary>
/// <param name="deskHour">When the working day begins, 0 to 23.</param>
internal sealed class Rhythm(double[] hours, double saturday, double sunday, int deskHour = 7)
{
    private const int DeskHours = 11;
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 24 * HourMilliseconds;

    private static readonly double[] OfficeDay = [0.1, 0.05, 0.05, 0.05, 0.1, 0.4, 1.5, 5, 10, 11, 9, 7, 6, 8, 8, 7, 6, 4, 2.5, 2, 2, 1.8, 1, 0.4];

    /// <summary>Office hours.</summary>
    public static Rhythm Work { get; } = new(OfficeDay, 0.15, 0.12);

    /// <summary>The day of private accounts.</summary>
    /// <remarks>Median successes per minute by hour in the RBA data set (Wiefling et al. 2022, CC BY 4.0), read off a figure and interpolated.</remarks>
    public static Rhythm Private { get; } =
        new([5, 5, 6, 7, 9, 12, 17, 23, 28, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 27, 22, 15, 8], 0.95, 0.9);

    private static readonly Rhythm Early = new(Shifted(OfficeDay, -2), 0.1, 0.08, 5);
    private static readonly Rhythm Late = new(Shifted(OfficeDay, 3), 0.2, 0.15, 10);
    private static readonly Rhythm Mornings = new([0, 0, 0, 0, 0, 0.3, 1.5, 7, 13, 13, 11, 9, 7, 3, 1, 0.6, 0.4, 0.3, 0.3, 0.5, 0.8, 0.6, 0.2, 0], 0.05, 0.05);
    private static readonly Rhythm Nights = new(Shifted(OfficeDay, 13), 0.8, 0.8, 20);
    private static readonly Rhythm FreeMornings = new([0.3, 0.1, 0.1, 0.2, 1, 4, 10, 20, 28, 30, 26, 20, 14, 9, 7, 6, 5, 4, 4, 4, 3, 2, 1, 0.5], 0.95, 0.9);
    private static readonly Rhythm FreeEvenings = new([5, 2, 0.6, 0.3, 0.2, 0.3, 1, 3, 4, 4, 4, 5, 7, 7, 6, 6, 9, 15, 24, 30, 32, 30, 24, 13], 1, 1);

    private static readonly Rhythm[] Working = [Work, Early, Late, Mornings, Nights];
    private static readonly Rhythm[] Free = [Private, FreeMornings, FreeEvenings];

    /// <summary>Somebody's own: most keep the usual hours, others come early or late, half days, or work at night.</summary>
    public static Rhythm Of(bool isStaff, SeededRandom random) =>
        isStaff ? Working[random.Weighted([64, 10, 12, 11, 3])] : Free[random.Weighted([50, 25, 25])];

    /// <summary>Whether an event at that time of the week happens at all: weekends are thinned.</summary>
    public bool Keeps(EventTime time, TimeSpan utcOffset, SeededRandom random) => (time + utcOffset).ToDateTimeOffset().DayOfWeek switch
    {
        DayOfWeek.Saturday => random.Chance(saturday),
        DayOfWeek.Sunday => random.Chance(sunday),
        _ => true,
    };

    /// <summary>A time within the 24 hours from <paramref name="from"/>, which may begin at any hour.</summary>
    public EventTime Draw(EventTime from, TimeSpan utcOffset, SeededRandom random) =>
        At(from, utcOffset, (random.Weighted(hours) * HourMilliseconds) + random.Below((int)HourMilliseconds));

    /// <summary>A time of the night within the 24 hours from <paramref name="from"/>: midnight to five.</summary>
    public static EventTime DrawNight(EventTime from, TimeSpan utcOffset, SeededRandom random) =>
        At(from, utcOffset, random.Below(5 * (int)HourMilliseconds));

    /// <summary>Whether somebody of this rhythm is at a desk.</summary>
    public bool IsWorkingTime(EventTime time, TimeSpan utcOffset)
    {
        var local = (time + utcOffset).ToDateTimeOffset();
        return local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && (local.Hour - deskHour + 24) % 24 < DeskHours;
    }

    private static EventTime At(EventTime from, TimeSpan utcOffset, long local)
    {
        var sinceFrom = (local - (long)utcOffset.TotalMilliseconds - (from.UnixMilliseconds % DayMilliseconds)) % DayMilliseconds;
        return from + TimeSpan.FromMilliseconds(sinceFrom < 0 ? sinceFrom + DayMilliseconds : sinceFrom);
    }

    private static double[] Shifted(double[] day, int later) => [.. Enumerable.Range(0, 24).Select(hour => day[(hour - later + 24) % 24])];
}
