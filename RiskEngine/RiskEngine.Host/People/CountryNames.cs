using System.Collections.Frozen;

namespace RiskEngine.Host.People;

/// <summary>Names of countries in English and German, by their codes (ISO 3166-1 alpha-2, and XK). The program runs without the culture data of the system, which would have them.</summary>
internal static class CountryNames
{
    private static readonly FrozenDictionary<string, (string English, string German)> ByCode = Read();

    /// <summary>The name of a country, or its code where it has none here.</summary>
    public static string Of(string code, string language) => !ByCode.TryGetValue(code, out var names) ? code : language == "de" ? names.German : names.English;

    private static FrozenDictionary<string, (string English, string German)> Read()
    {
        using var stream = typeof(CountryNames).Assembly.GetManifestResourceStream("countries.tsv") ?? throw new InvalidOperationException("countries.tsv is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToFrozenDictionary(parts => parts[0], parts => (parts[1], parts[2]));
    }
}
