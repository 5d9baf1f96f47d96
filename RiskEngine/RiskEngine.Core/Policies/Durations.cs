using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>Durations as people write them: "90s", "4h", "1h30m", "7d".</summary>
public static class Durations
{
    private const string Expected = "expected a duration such as 90s, 4h, 1h30m or 7d";

    private const double LongestDays = 36_500;

    private static readonly (string Unit, TimeSpan Span)[] Units =
        [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1))];

    /// <summary>Reads whole numbers with units (d, h, m, s, ms), largest first, each at most once.</summary>
    /// <param name="error">What is wrong; null when it is right.</param>
    public static bool TryParse(string text, out TimeSpan duration, out string? error)
    {
        duration = TimeSpan.Zero;
        error = null;
        var at = 0;
        var nextUnit = 0;
        while (at < text.Length)
        {
            var digits = CountWhile(text, at, char.IsAsciiDigit);
            var letters = CountWhile(text, at + digits, char.IsAsciiLetter);
            if (digits is 0 or > 9) return Fail($"{Expected}, found \"{text}\"", out duration, out error);
            if (letters == 0) return Fail($"\"{text}\" lacks a unit; {Expected}", out duration, out error);
            var unit = text.Substring(at + digits, letters);
            var index = Array.FindIndex(Units, known => known.Unit == unit);
            if (index < 0) return Fail($"\"{unit}\" is not a unit (d, h, m, s, ms); {Expected}", out duration, out error);
            if (index < nextUnit) return Fail($"\"{text}\" names its units twice or out of order; {Expected}", out duration, out error);
            nextUnit = index + 1;
            // Days may be more than a span can hold, so they are looked at before they are one.
            var days = int.Parse(text.AsSpan(at, digits)) * Units[index].Span.TotalDays;
            if (duration.TotalDays + days > LongestDays) return Fail($"\"{text}\" is longer than a hundred years", out duration, out error);
            duration += Units[index].Span * int.Parse(text.AsSpan(at, digits));
            at += digits + letters;
        }

        return at > 0 || Fail($"{Expected}, found nothing", out duration, out error);
    }

    /// <summary>Writes a duration so that it reads back as the same, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var text = new StringBuilder();
        var rest = duration.Duration();
        foreach (var (unit, span) in Units)
        {
            var count = (long)(rest / span);
            if (count == 0) continue;
            text.Append(count).Append(unit);
            rest -= span * count;
        }

        return text.ToString();
    }

    private static int CountWhile(string text, int from, Func<char, bool> holds)
    {
        var at = from;
        while (at < text.Length && holds(text[at])) at++;
        return at - from;
    }

    private static bool Fail(string message, out TimeSpan duration, out string error)
    {
        duration = TimeSpan.Zero;
        error = message;
        return false;
    }
}
