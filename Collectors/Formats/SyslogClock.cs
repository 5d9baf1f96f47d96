using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Dates the lines of a syslog file, which have no year.</summary>
/// <remarks>
/// With a year given, the first line is of that year and the year moves on when the month falls from the end of a year to its beginning. Without,
/// each line for itself is of the latest year that does not put it after the file's last change (or our clock, by whichever the file is dated), so a
/// December read in January is of last year; 29 February is of the latest leap year. Times have no offset and count as UTC. A server east of Greenwich
/// that writes its own time so seems up to a day ahead: such a line keeps its year, and whoever checks times refuses it as in the future, which is
/// seen and counted. Taken back by a year it would be silently wrong.
/// </remarks>
internal sealed class SyslogClock(FormatContext context)
{
    private const int HalfYear = 6;
    private const int YearsBack = 8;

    private static readonly TimeSpan TimeZones = TimeSpan.FromDays(1);

    private int _month;
    private int _years;

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

    private static bool TryDate(int year, int month, int day, int seconds, out EventTime time)
    {
        var exists = TimeText.TryDate(year, month, day, out var date);
        time = new EventTime(date + (seconds * 1000L));
        return exists;
    }

    private static int Month(ReadOnlySpan<byte> name)
    {
        var at = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name);
        return at >= 0 && at % 3 == 0 ? (at / 3) + 1 : 0;
    }
}
