using System.Globalization;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>Durations and timestamps as they are written in expressions.</summary>
public static class TimeLiteral
{
    private const string ExpectedDuration = "expected a duration such as 90s, 4h, 1h30m, 1.5h or 7d";

    private static readonly System.Buffers.SearchValues<char> NumberSigns = System.Buffers.SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Milliseconds)[] Units = [("ms", 1), ("us", 0.001m), ("ns", 0.000001m), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>Reads numbers with units, at most 100 years; beside CEL's own units also d, a day of 24 hours.</summary>
    /// <param name="error">What is wrong; null when it is right.</param>
    public static bool TryDuration(string text, out long milliseconds, out string? error)
    {
        (milliseconds, error) = (0, null);
        var rest = text.AsSpan();
        var isNegative = rest is ['-', ..];
        if (isNegative) rest = rest[1..];
        if (rest.IsEmpty || text.Length > 40) return Fail($"{ExpectedDuration}, found \"{text}\"", out error);
        decimal total = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberSigns);
            if (digits < 0) return Fail($"\"{text}\" lacks a unit; {ExpectedDuration}", out error);
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1_000_000_000_000_000)
                return Fail($"{ExpectedDuration}, found \"{text}\"", out error);
            rest = rest[digits..];
            var found = -1;
            for (var i = 0; i < Units.Length && found < 0; i++)
            {
                if (rest.StartsWith(Units[i].Unit)) found = i;
            }

            if (found < 0) return Fail($"\"{rest}\" is no unit (d, h, m, s, ms, us, ns); {ExpectedDuration}", out error);
            total += number * Units[found].Milliseconds;
            rest = rest[Units[found].Unit.Length..];
        }

        if (total != decimal.Floor(total)) return Fail($"\"{text}\" is finer than a millisecond, which is all that times are known to", out error);
        if (total > 3_155_760_000_000) return Fail($"\"{text}\" is longer than a hundred years", out error);
        milliseconds = (long)(isNegative ? -total : total);
        return true;
    }

    /// <summary>Reads a time of RFC 3339, with its offset.</summary>
    /// <param name="error">What is wrong; null when it is right.</param>
    public static bool TryTimestamp(string text, out EventTime time, out string? error)
    {
        error = null;
        var isRead = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        time = isRead ? EventTime.From(read) : default;
        if (isRead && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)) return true;
        return Fail($"expected a time such as 2027-01-31T00:00:00Z or 2027-01-31T01:00:00+01:00, found \"{text}\"", out error);
    }

    /// <summary>Reads a time, or a day such as 2027-01-31, which is its first moment in UTC: as in <c>until</c>.</summary>
    /// <param name="error">What is wrong; null when it is right.</param>
    public static bool TryDayOrTimestamp(string text, out EventTime time, out string? error)
    {
        if (TryTimestamp(text.Length == 10 ? $"{text}T00:00:00Z" : text, out time, out error)) return true;
        error = $"expected a day such as 2027-01-31 or a time such as 2027-01-31T00:00:00Z, found \"{text}\"";
        return false;
    }

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
