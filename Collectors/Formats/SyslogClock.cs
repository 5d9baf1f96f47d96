using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Dates the lines of a syslog file, which have neither year nor offset.</summary>
/// <remarks>
/// With a year given, the first line is of that year and the year moves on when the month falls from the end of a year to its beginning. Without,
/// each line for itself is of the latest year that does not put it after the file's last change (or our clock, by whichever the file is dated), so a
/// December read in January is of last year; 29 February is of the latest leap year. Times are those of <see cref="FormatContext.Zone"/>; an hour that
/// comes twice when summer ends is the first of the two, for that is never the future. Where the zone is not that of the writer, a line can seem up to a
/// day ahead: it keeps its year, and whoever checks times refuses it as in the future, which is seen and counted. Taken back by a year it would be
/// silently wrong.
/// </remarks>
internal sealed class SyslogClock(FormatContext context)
{
    private const int HalfYear = 6;
    private const int YearsBack = 8;
    private const long QuarterHour = 15 * 60_000;

    private static readonly TimeSpan TimeZones = TimeSpan.FromDays(1);

    private int _month;
    private int _years;
    private long _quarter = long.MinValue;
    private long _offset;

    /// <summary>Reads "Jun 14 15:16:01"; the day may have a space or a zero in front.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out EventTime time)
    {
        time = default;
        var month = Month(text[..3]);
        if (month == 0 || !TimeText.TryDigits(text[4..6].TrimStart((byte)' '), out var day) || !TimeText.TryParseClock(text[7..15], out var seconds)) return false;
        return context.Year is { } year
            ? TryDate(TurnOf(year, month), month, day, seconds, out time)
            : TryLatest(month, day, seconds, out time);
    }

    private int TurnOf(int year, int month)
    {
        if (_month != 0 && month - _month <= -HalfYear) _years++;
        else if (_years > 0 && month - _month >= HalfYear) _years--;
        _month = month;
        return year + _years;
    }

    private bool TryLatest(int month, int day, int seconds, out EventTime time)
    {
        var latest = (context.NotAfter ?? context.Clock.GetUtcNow()) + (context.FutureTolerance > TimeZones ? context.FutureTolerance : TimeZones);
        for (var year = latest.Year; year > latest.Year - YearsBack; year--)
        {
            if (TryDate(year, month, day, seconds, out time) && time <= EventTime.From(latest)) return true;
        }

        time = default;
        return false;
    }

    private bool TryDate(int year, int month, int day, int seconds, out EventTime time)
    {
        var exists = TimeText.TryDate(year, month, day, out var date);
        var local = date + (seconds * 1000L);
        time = new EventTime(exists ? local - OffsetAt(local) : 0);
        return exists;
    }

    /// <summary>Milliseconds ahead of UTC. Zones change on quarters of an hour, so one answer serves for a quarter.</summary>
    private long OffsetAt(long local)
    {
        var quarter = local / QuarterHour;
        if (quarter == _quarter) return _offset;
        var start = new DateTime(DateTime.UnixEpoch.Ticks + (quarter * QuarterHour * TimeSpan.TicksPerMillisecond), DateTimeKind.Unspecified);
        var offset = context.Zone.IsAmbiguousTime(start) ? context.Zone.GetAmbiguousTimeOffsets(start).Max() : context.Zone.GetUtcOffset(start);
        (_quarter, _offset) = (quarter, (long)offset.TotalMilliseconds);
        return _offset;
    }

    private static int Month(ReadOnlySpan<byte> name)
    {
        var at = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name);
        return at >= 0 && at % 3 == 0 ? (at / 3) + 1 : 0;
    }
}
