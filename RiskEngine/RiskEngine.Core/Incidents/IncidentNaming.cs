using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>How reports name people and addresses: in clear or by pseudonyms, as the configuration has it.</summary>
/// <param name="Subject">Names a subject, given its id or name.</param>
/// <param name="Address">Names an address; null where addresses are named in clear. With pseudonyms networks are left out.</param>
public sealed record IncidentNaming(Func<string, string> Subject, Func<string, string>? Address = null)
{
    /// <summary>Gets the naming that hides nothing.</summary>
    public static IncidentNaming Clear { get; } = new(subject => subject);

    /// <summary>Gets whether networks may be shown, and commands that name an address.</summary>
    internal bool ShowsAddresses => Address is null;

    /// <summary>A subject as reports show it, without control characters: names are chosen by whoever tries to sign in.</summary>
    internal string Of(string subject) => subject == Incident.Erased ? subject : Printable(Subject(subject));

    internal string Of(in IpAddress address) => Address is null ? SourceText.Unit(address) : Address(address.ToString());

    /// <summary>The text with every control character, and what turns the direction of writing, replaced.</summary>
    internal static string Printable(string text) => text.Any(IsHidden) ? string.Concat(text.Select(c => IsHidden(c) ? '\uFFFD' : c)) : text;

    private static bool IsHidden(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF';
}
