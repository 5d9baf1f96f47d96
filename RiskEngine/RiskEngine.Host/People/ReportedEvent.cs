using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.People;

/// <summary>What the page tells of an event, in a person's words: when, where, with what, for what. Pure.</summary>
internal static class ReportedEvent
{
    /// <summary>Characters of a text from outside that are shown.</summary>
    private const int LongestText = 80;

    public static IEnumerable<(string Label, string Value)> Of(StoredEvent stored, FactSnapshot facts, ReportTexts texts)
    {
        yield return (texts.Time, Time(stored.OccurredAt, texts));
        yield return (texts.Place, Place(stored, facts, texts));
        yield return (texts.Device, Device(stored.UserAgent, texts));
        if (stored.Application.Length > 0) yield return (texts.Application, Plain(stored.Application));
    }

    private static string Time(EventTime time, ReportTexts texts)
    {
        var at = time.ToDateTimeOffset();
        return string.Create(CultureInfo.InvariantCulture, $"{at.Day}{texts.AfterDay} {texts.Months[at.Month - 1]} {at:yyyy, HH:mm} UTC");
    }

    /// <summary>The country as judged by, with the city where the look-up still says the same country.</summary>
    private static string Place(StoredEvent stored, FactSnapshot facts, ReportTexts texts)
    {
        if (!stored.Country.IsKnown) return texts.NotKnown;
        var country = CountryNames.Of(stored.Country.ToString(), texts.Language);
        var city = facts.Lookup(stored.SourceIp).Country.Value == stored.Country.Value ? facts.CityOf(stored.SourceIp) : null;
        return city is { Length: > 0 } ? $"{Plain(city)}, {country}" : country;
    }

    private static string Device(string userAgent, ReportTexts texts)
    {
        var device = UserAgentParser.Parse(Encoding.UTF8.GetBytes(userAgent));
        var (browser, system) = (device.Browser == 0 ? "" : UserAgentParser.BrowserName(device.Browser), device.Os == 0 ? "" : UserAgentParser.OsName(device.Os));
        return browser.Length > 0 && system.Length > 0 ? $"{browser} {texts.On} {system}" : browser.Length > 0 ? browser : system.Length > 0 ? system : texts.NotKnown;
    }

    /// <summary>Letters that show themselves: no control characters, and none that turn the direction of what follows.</summary>
    private static string Plain(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)).Take(LongestText)) shown.Append(rune);
        return shown.ToString();
    }
}
