using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Reads times as text, without allocation.</summary>
internal static class TimeText
{
    private const long DayMilliseconds = 86_400_000;

    /// <summary>
    /// Reads <c>2026-11-21T20:15:01.123456789+01:00</c>: "T" or a space in the middle, 0 to 9 decimals (cut to milliseconds), "Z", an offset
    /// (<c>+01:00</c>, <c>+0100</c>, <c>+01</c>) or nothing, which means UTC. A leap second is the second after it.
    /// </summary>
    public static bool TryParseIso(ReadOnlySpan<byte> text, out EventTime time)
    {
        time = default;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) is not ('t' or ' ')) return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)) return false;
        if (!TryParseClock(text[11..19], out var seconds) || !TryDate(year, month, day, out var date)) return false;

        var rest = text[19..];
        var milliseconds = 0;
        if (rest.Length > 0 && rest[0] is (byte)'.' or (byte)',' && !TryParseFraction(ref rest, out milliseconds)) return false;
        if (!TryParseOffset(rest, out var offset)) return false;
        time = new EventTime(date + (seconds * 1000L) + milliseconds - offset);
        return true;
    }

    /// <summary>Reads <c>20:15:01</c> as seconds of the day.</summary>
    public static bool TryParseClock(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length != 8 || text[2] != ':' || text[5] != ':') return false;
        if (!TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) || !TryDigits(text[6..8], out var second)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;
        seconds = (hour * 3600) + (minute * 60) + second;
        return true;
    }

    /// <summary>Gives the first millisecond of a day of the calendar, which must exist.</summary>
    public static bool TryDate(int year, int month, int day, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        unixMilliseconds = (new DateOnly(year, month, day).DayNumber - 719_162) * DayMilliseconds;
        return true;
    }

    /// <summary>Reads a text of nothing but digits, at most nine.</summary>
    public static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 9) return false;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') return false;
            value = (value * 10) + c - '0';
        }

        return true;
    }

    /// <summary>Reads "." and 1 to 9 digits from the front of <paramref name="rest"/> and takes them off.</summary>
    public static bool TryParseFraction(ref ReadOnlySpan<byte> rest, out int milliseconds)
    {
        milliseconds = 0;
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0) digits = rest.Length - 1;
        if (digits is 0 or > 9) return false;
        for (var i = 1; i <= 3; i++) milliseconds = (milliseconds * 10) + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty || (text.Length == 1 && (text[0] | 0x20) == 'z')) return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6)) return false;
        if (text.Length == 6 && text[3] != ':') return false;
        var minute = 0;
        if (!TryDigits(text[1..3], out var hour) || (text.Length > 3 && !TryDigits(text[^2..], out minute)) || hour > 18 || minute > 59) return false;
        milliseconds = ((hour * 60) + minute) * 60_000L * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
