using System.Diagnostics.CodeAnalysis;

namespace RiskEngine.Core.Events;

/// <summary>Reads times written by a pattern in the manner of <c>strptime</c> (POSIX.1-2017), without allocation.</summary>
/// <remarks>
/// Known are <c>%Y %y %m %b %d %e %H %I %p %M %S %f %z %F %T %%</c>. <c>%f</c> is 1 to 9 decimals of a second, <c>%b</c> an English month of three letters,
/// <c>%y</c> a year from 2000 to 2099. A space stands for one or more; everything else for itself. Immutable and thread-safe.
/// </remarks>
public sealed class TimePattern
{
    private const string Known = "YymbdeHIpMSfz";

    private readonly string _pattern;

    private TimePattern(string pattern) => _pattern = pattern;

    /// <summary>Gets whether times carry their offset from UTC.</summary>
    public bool HasOffset => _pattern.Contains("%z", StringComparison.Ordinal);

    /// <summary>Checks a pattern.</summary>
    /// <param name="error">What is wrong with it, or empty.</param>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out TimePattern? compiled, out string error)
    {
        compiled = null;
        pattern = pattern.Replace("%F", "%Y-%m-%d", StringComparison.Ordinal).Replace("%T", "%H:%M:%S", StringComparison.Ordinal);
        var directives = "";
        error = "";
        for (var i = 0; i < pattern.Length; i++)
        {
            if (!char.IsAscii(pattern[i])) error = "expected ASCII characters only";
            if (pattern[i] != '%') continue;
            var directive = ++i < pattern.Length ? pattern[i] : ' ';
            if (directive == '%') continue;
            if (!Known.Contains(directive, StringComparison.Ordinal)) error = $"%{directive} is not known; there are %Y %y %m %b %d %e %H %I %p %M %S %f %z %F %T %%";
            directives += directive;
        }

        if (error.Length == 0 && Missing(directives) is { } missing) error = $"a time needs {missing}";
        if (error.Length > 0) return false;
        compiled = new TimePattern(pattern);
        return true;
    }

    /// <summary>Reads a time.</summary>
    /// <param name="ahead">How far the clock of a time without an offset is ahead of UTC.</param>
    public bool TryRead(ReadOnlySpan<byte> text, TimeSpan ahead, out EventTime time)
    {
        time = default;
        var parts = new Parts { Day = 1, Month = 1, Offset = (int)ahead.TotalMinutes };
        for (var i = 0; i < _pattern.Length; i++)
        {
            var c = _pattern[i];
            if (c == ' ')
            {
                if (text.IsEmpty || text[0] != ' ') return false;
                text = text.TrimStart((byte)' ');
            }
            else if (c != '%' || _pattern[i + 1] == '%')
            {
                if (text.IsEmpty || text[0] != c) return false;
                text = text[1..];
                if (c == '%') i++;
            }
            else if (!parts.TryTake(_pattern[++i], ref text))
            {
                return false;
            }
        }

        return text.IsEmpty && parts.TryGet(out time);
    }

    private static string? Missing(string directives)
    {
        if (!directives.AsSpan().ContainsAny('Y', 'y')) return "a year: %Y or %y";
        if (!directives.AsSpan().ContainsAny('m', 'b')) return "a month: %m or %b";
        if (!directives.AsSpan().ContainsAny('d', 'e')) return "a day: %d or %e";
        if (directives.Contains('I', StringComparison.Ordinal) != directives.Contains('p', StringComparison.Ordinal)) return "%I and %p together";
        if (!directives.AsSpan().ContainsAny('H', 'I')) return "an hour: %H, or %I with %p";
        return directives.Contains('M', StringComparison.Ordinal) ? null : "minutes: %M";
    }

    private struct Parts
    {
        public int Year, Month, Day, Hour, Minute, Second, Milliseconds, Offset;
        private bool _isAfternoon, _isHalfDay;

        public bool TryTake(char directive, ref ReadOnlySpan<byte> text)
        {
            switch (directive)
            {
                case 'Y': return TryNumber(ref text, 4, 4, out Year);
                case 'y':
                    var known = TryNumber(ref text, 2, 2, out Year);
                    Year += 2000;
                    return known;
                case 'm': return TryNumber(ref text, 1, 2, out Month);
                case 'b': return TryMonth(ref text);
                case 'd' or 'e':
                    text = text.TrimStart((byte)' ');
                    return TryNumber(ref text, 1, 2, out Day);
                case 'H': return TryNumber(ref text, 1, 2, out Hour);
                case 'I':
                    _isHalfDay = true;
                    return TryNumber(ref text, 1, 2, out Hour) && Hour is >= 1 and <= 12;
                case 'p': return TryHalf(ref text);
                case 'M': return TryNumber(ref text, 2, 2, out Minute);
                case 'S': return TryNumber(ref text, 2, 2, out Second);
                case 'f': return TryFraction(ref text);
                default: return TryOffset(ref text);
            }
        }

        public readonly bool TryGet(out EventTime time)
        {
            time = default;
            var hour = _isHalfDay ? (Hour % 12) + (_isAfternoon ? 12 : 0) : Hour;
            if (Year is < 1 or > 9999 || Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month) || hour > 23 || Minute > 59 || Second > 60) return false;
            var days = new DateOnly(Year, Month, Day).DayNumber - 719_162L;
            time = new EventTime((((((((days * 24) + hour) * 60) + Minute - Offset) * 60) + Second) * 1000) + Milliseconds);
            return true;
        }

        private static bool TryNumber(ref ReadOnlySpan<byte> text, int least, int most, out int value)
        {
            var length = 0;
            for (value = 0; length < most && length < text.Length && char.IsAsciiDigit((char)text[length]); length++) value = (value * 10) + text[length] - '0';
            text = text[length..];
            return length >= least;
        }

        private bool TryMonth(ref ReadOnlySpan<byte> text)
        {
            var at = text.Length < 3 ? -1 : "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text[..3]);
            if (at < 0 || at % 3 != 0) return false;
            Month = (at / 3) + 1;
            text = text[3..];
            return true;
        }

        private bool TryHalf(ref ReadOnlySpan<byte> text)
        {
            if (text.Length < 2 || (text[1] | 0x20) != 'm' || (text[0] | 0x20) is not ('a' or 'p')) return false;
            _isAfternoon = (text[0] | 0x20) == 'p';
            text = text[2..];
            return true;
        }

        private bool TryFraction(ref ReadOnlySpan<byte> text)
        {
            var digits = 0;
            for (Milliseconds = 0; digits < text.Length && digits < 9 && char.IsAsciiDigit((char)text[digits]); digits++)
            {
                if (digits < 3) Milliseconds = (Milliseconds * 10) + text[digits] - '0';
            }

            for (var i = digits; i < 3; i++) Milliseconds *= 10;
            text = text[digits..];
            return digits > 0;
        }

        private bool TryOffset(ref ReadOnlySpan<byte> text)
        {
            Offset = 0;
            if (text.IsEmpty) return false;
            var sign = text[0];
            text = text[1..];
            if ((sign | 0x20) == 'z') return true;
            if (sign is not ((byte)'+' or (byte)'-') || !TryNumber(ref text, 2, 2, out var hours)) return false;
            if (!text.IsEmpty && text[0] == ':') text = text[1..];
            var minutes = 0;
            if (!text.IsEmpty && char.IsAsciiDigit((char)text[0]) && !TryNumber(ref text, 2, 2, out minutes)) return false;
            Offset = ((hours * 60) + minutes) * (sign == '-' ? -1 : 1);
            return hours <= 18 && minutes <= 59;
        }
    }
}
