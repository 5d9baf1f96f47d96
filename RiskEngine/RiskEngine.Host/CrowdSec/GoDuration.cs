using System.Buffers;
using System.Buffers.Text;

namespace RiskEngine.Host.CrowdSec;

/// <summary>Spans of time as Go writes them: <c>3h59m58.5s</c>, <c>-1m0s</c>, <c>500ms</c>, <c>0s</c>.</summary>
/// <remarks>As <c>Duration.String</c> of Go's package time, to the millisecond. Pure.</remarks>
internal static class GoDuration
{
    /// <summary>Bytes that the longest span takes.</summary>
    public const int MaxLength = 40;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Writes a span and returns its length.</summary>
    /// <param name="utf8">At least <see cref="MaxLength"/> bytes.</param>
    public static int Format(TimeSpan span, Span<byte> utf8)
    {
        var milliseconds = (long)span.TotalMilliseconds;
        var at = 0;
        if (milliseconds < 0) utf8[at++] = (byte)'-';
        milliseconds = Math.Abs(milliseconds);
        if (milliseconds is > 0 and < 1000)
        {
            Number(milliseconds, utf8, ref at);
            utf8[at++] = (byte)'m';
            utf8[at++] = (byte)'s';
            return at;
        }

        var seconds = milliseconds / 1000;
        if (seconds >= 3600) Unit(seconds / 3600, 'h', utf8, ref at);
        if (seconds >= 60) Unit(seconds / 60 % 60, 'm', utf8, ref at);
        Number(seconds % 60, utf8, ref at);
        Fraction((int)(milliseconds % 1000), utf8, ref at);
        utf8[at++] = (byte)'s';
        return at;
    }

    /// <summary>Reads what <see cref="Format"/> writes, and Go's smaller and fractional units.</summary>
    /// <returns>False where the text is anything else, or longer than a thousand years.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = default;
        var isNegative = text.StartsWith("-", StringComparison.Ordinal);
        if (isNegative) text = text[1..];
        if (text is "0") return true;
        if (text.IsEmpty || text.Length > MaxLength) return false;
        var total = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(text[..digits], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var count)) return false;
            text = text[digits..];
            var end = text.IndexOfAny(Digits);
            var unit = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[end..];
            if (SecondsOf(unit) is not { } seconds) return false;
            total += count * seconds;
        }

        if (total > 1000.0 * 366 * 86_400) return false;
        span = TimeSpan.FromSeconds(isNegative ? -total : total);
        return true;
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" or "μs" => 1e-6,
        "ns" => 1e-9,
        _ => null,
    };

    private static void Unit(long value, char unit, Span<byte> utf8, ref int at)
    {
        Number(value, utf8, ref at);
        utf8[at++] = (byte)unit;
    }

    private static void Number(long value, Span<byte> utf8, ref int at)
    {
        Utf8Formatter.TryFormat(value, utf8[at..], out var written);
        at += written;
    }

    private static void Fraction(int milliseconds, Span<byte> utf8, ref int at)
    {
        if (milliseconds == 0) return;
        utf8[at++] = (byte)'.';
        for (var unit = 100; milliseconds > 0; unit /= 10)
        {
            utf8[at++] = (byte)('0' + (milliseconds / unit));
            milliseconds %= unit;
        }
    }
}
