using System.Globalization;

namespace RiskEngine.Core.Events;

/// <summary>When something happened at the source, in UTC, to the millisecond. The only time that detectors use.</summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z. The default value, zero, means "not known".</param>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly record struct EventTime(long UnixMilliseconds) : IComparable<EventTime>
{
    /// <summary>Gets whole seconds since 1970, the resolution of what is stored in profiles; good until the year 2106.</summary>
    public uint UnixSeconds => (uint)Math.Clamp(UnixMilliseconds / 1000, 0, uint.MaxValue);

    /// <summary>Gets the number of whole days since 1970, in UTC.</summary>
    public ushort UnixDays => (ushort)Math.Clamp(UnixMilliseconds / 86_400_000, 0, ushort.MaxValue);

    public static TimeSpan operator -(EventTime later, EventTime earlier) =>
        TimeSpan.FromMilliseconds(later.UnixMilliseconds - earlier.UnixMilliseconds);

    public static EventTime operator +(EventTime time, TimeSpan span) => new(time.UnixMilliseconds + (long)span.TotalMilliseconds);

    public static EventTime operator -(EventTime time, TimeSpan span) => new(time.UnixMilliseconds - (long)span.TotalMilliseconds);

    public static bool operator <(EventTime left, EventTime right) => left.UnixMilliseconds < right.UnixMilliseconds;

    public static bool operator >(EventTime left, EventTime right) => left.UnixMilliseconds > right.UnixMilliseconds;

    public static bool operator <=(EventTime left, EventTime right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    public static bool operator >=(EventTime left, EventTime right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    public static EventTime From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public static EventTime FromUnixSeconds(uint seconds) => new(seconds * 1000L);

    public int CompareTo(EventTime other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Writes the time as <see cref="ToString"/> does and returns its length, 24 bytes.</summary>
    /// <param name="utf8">At least 24 bytes.</param>
    public int Format(Span<byte> utf8)
    {
        var time = ToDateTimeOffset();
        var (year, month, day) = DateOnly.FromDateTime(time.DateTime);
        WriteDigits(utf8, year, 4);
        utf8[4] = utf8[7] = (byte)'-';
        WriteDigits(utf8[5..], month, 2);
        WriteDigits(utf8[8..], day, 2);
        utf8[10] = (byte)'T';
        utf8[13] = utf8[16] = (byte)':';
        WriteDigits(utf8[11..], time.Hour, 2);
        WriteDigits(utf8[14..], time.Minute, 2);
        WriteDigits(utf8[17..], time.Second, 2);
        utf8[19] = (byte)'.';
        WriteDigits(utf8[20..], time.Millisecond, 3);
        utf8[23] = (byte)'Z';
        return 24;
    }

    /// <summary>The time as in the contracts: ISO 8601 in UTC with three decimals, "2026-11-21T20:15:01.123Z".</summary>
    public override string ToString() => ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteDigits(Span<byte> utf8, int value, int digits)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            utf8[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
