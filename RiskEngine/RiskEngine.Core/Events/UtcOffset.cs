using System.Globalization;

namespace RiskEngine.Core.Events;

/// <summary>How far a clock is ahead of UTC, as in <c>+02:00</c>.</summary>
/// <param name="Value">−14 to +14 hours, whole minutes.</param>
public readonly record struct UtcOffset(TimeSpan Value)
{
    private static readonly TimeSpan Widest = TimeSpan.FromHours(14);

    /// <summary>Reads <c>Z</c>, <c>+02:00</c>, <c>+0200</c> or <c>-05</c> (ISO 8601).</summary>
    public static bool TryParse(string text, out UtcOffset offset)
    {
        offset = default;
        if (text is "Z" or "z") return true;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ('+' or '-') || (text.Length == 6 && text[3] != ':')) return false;
        var minutes = 0;
        if (!int.TryParse(text.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)) return false;
        if (text.Length > 3 && (!int.TryParse(text.AsSpan(text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes > 59)) return false;
        var value = new TimeSpan(hours, minutes, 0);
        if (value > Widest) return false;
        offset = new UtcOffset(text[0] == '-' ? -value : value);
        return true;
    }

    /// <summary>A zone that is always that far ahead.</summary>
    public TimeZoneInfo ToZone() => Value == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone(ToString(), Value, ToString(), ToString());

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Value < TimeSpan.Zero ? '-' : '+')}{Value:hh\\:mm}");
}
