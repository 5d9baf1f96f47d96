using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>An alerting rule under <c>Alerts/rules</c>, or of Loki's under <c>Alerts/loki</c>, as far as the conventions look at it.</summary>
/// <param name="Text">The rule as it stands in its file.</param>
internal sealed partial record AlertRule(string Name, string File, string Text)
{
    private const string Logs = "Alerts/loki/";

    /// <summary>Gets whether it asks Loki. promtool does not understand such a rule; the tests of the host prove it.</summary>
    public bool IsOfLogs => File.StartsWith(Logs, StringComparison.Ordinal);

    /// <summary>Gets every alert, in the order of the files.</summary>
    public static IReadOnlyList<AlertRule> All { get; } =
    [
        .. from file in Repository.Files
           where file.StartsWith("Alerts/rules/", StringComparison.Ordinal) || file.StartsWith(Logs, StringComparison.Ordinal)
           from Match match in Rule().Matches(Repository.Read(file))
           select new AlertRule(match.Groups["name"].Value, file, match.Value),
    ];

    /// <summary>What an annotation says; empty where it is not there.</summary>
    public string Annotation(string name) => Regex.Match(Text, $@"^ +{name}: (.+)$", RegexOptions.Multiline).Groups[1].Value;

    [GeneratedRegex(@"^ *- alert: (?<name>\w+)\n(?:(?! *- (?:alert|record|name): ).*\n?)*", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Rule();
}
