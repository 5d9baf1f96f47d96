using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskEngine.Host.Authentik;

/// <summary>The blueprint for authentik, <c>deploy/authentik/riskengine.yaml</c>, with other values where somebody asked for them.</summary>
/// <remarks>
/// The file is embedded, so that what is printed and what lies in the folder is one text; only lines of its section <c>context</c> are ever replaced.
/// Immutable.
/// </remarks>
internal sealed partial class BlueprintText
{
    public const string UrlKey = "url";

    /// <summary>The label that names the revision of the file, in authentik too.</summary>
    public const string RevisionLabel = "riskengine/revision";

    private const string Resource = "authentik-blueprint.yaml";

    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, string[]> Choices = new()
    {
        ["without_second_factor"] = ["deny", "skip"],
        ["unanswered"] = ["challenge", "allow"],
    };

    private readonly string _text;

    private BlueprintText(string text) => _text = text;

    /// <summary>Gets the file as it is.</summary>
    public static BlueprintText Embedded { get; } = new(Read());

    /// <summary>Gets the name that authentik lists it under.</summary>
    public string Name => NameLine().Match(_text).Groups["name"].Value;

    public string Revision => RevisionLine().Match(_text).Groups["revision"].Value;

    /// <summary>Gets what can be set, in the order of the file, with the value it has.</summary>
    public IEnumerable<(string Key, string Value)> Context => ContextLine().Matches(Section).Select(match => (match.Groups["key"].Value, match.Groups["value"].Value));

    private string Section => _text[SectionStart.._text.IndexOf("\nentries:", StringComparison.Ordinal)];

    private int SectionStart => _text.IndexOf("\ncontext:", StringComparison.Ordinal);

    /// <summary>The blueprint with one value changed.</summary>
    /// <param name="value">As people type it, without quotes.</param>
    /// <param name="fault">What is wrong with key or value, and what would be right.</param>
    public bool TrySet(string key, string value, out BlueprintText changed, out string fault)
    {
        (changed, fault) = (this, "");
        var line = ContextLine().Matches(Section).FirstOrDefault(match => match.Groups["key"].Value == key);
        if (line is null) fault = $"'{key}' cannot be set; these can: {string.Join(", ", Context.Select(pair => pair.Key))}.";
        else if (Write(key, value, line.Groups["value"].Value, ref fault) is { } written)
        {
            var group = line.Groups["value"];
            var start = SectionStart + group.Index;
            changed = new BlueprintText(_text[..start] + written + _text[(start + group.Length)..]);
        }

        return fault.Length == 0;
    }

    /// <summary>The address as it is written into the blueprint: without a slash at the end.</summary>
    public static bool TryUrl(string text, out string url, out string fault)
    {
        (url, fault) = ("", "");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) fault = $"'{text}' is no address such as https://riskengine.example.org.";
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0) fault = "name scheme, host, port and path only.";
        else url = address.AbsoluteUri.TrimEnd('/');
        return fault.Length == 0;
    }

    public override string ToString() => _text;

    private static string? Write(string key, string value, string before, ref string fault)
    {
        if (before is "true" or "false") return value is "true" or "false" ? value : Refuse($"'{key}' takes true or false.", ref fault);
        if (IsCount(before)) return IsCount(value) ? value : Refuse($"'{key}' takes a whole number from 1 to 999.", ref fault);
        if (key == UrlKey && !TryUrl(value, out value, out fault)) return null;
        if (Choices.TryGetValue(key, out var choices) && !choices.Contains(value)) return Refuse($"'{key}' takes {string.Join(" or ", choices)}.", ref fault);
        return value.Trim().Length == 0 ? Refuse($"'{key}' is empty.", ref fault) : JsonSerializer.Serialize(value, Quoted);
    }

    private static bool IsCount(string text) => text is [>= '1' and <= '9', .. { Length: < 3 } rest] && rest.All(char.IsAsciiDigit);

    private static string? Refuse(string what, ref string fault)
    {
        fault = what;
        return null;
    }

    private static string Read()
    {
        using var stream = typeof(BlueprintText).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^  (?<key>[a-z_]+): (?<value>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ContextLine();

    [GeneratedRegex("^  name: (?<name>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NameLine();

    [GeneratedRegex("^    riskengine/revision: \"(?<revision>[0-9]+)\"$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex RevisionLine();
}
