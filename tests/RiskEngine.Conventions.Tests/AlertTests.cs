using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>An alert wakes somebody: it names what exists, says what to do, and is proved to fire and to keep quiet.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Severities = ["critical", "warning", "none"];

    private static IEnumerable<string> Rules => Repository.Files.Where(file => file.StartsWith("Alerts/rules/", StringComparison.Ordinal));

    private static IEnumerable<string> Pages => Repository.Files.Where(file => file.StartsWith("Alerts/runbooks/", StringComparison.Ordinal));

    private static string Tests => string.Join('\n', Repository.Files.Where(file => file.StartsWith("Alerts/tests/", StringComparison.Ordinal)).Select(Repository.Read));

    [Fact]
    public void Every_alert_of_the_files_is_found_here()
    {
        var written = Repository.Files.Where(file => file.StartsWith("Alerts/rules/", StringComparison.Ordinal) || file.StartsWith("Alerts/loki/", StringComparison.Ordinal)).Sum(file => Repository.Read(file).Split("- alert: ").Length - 1);
        Assert.NotEqual(0, written);
        Assert.Equal(written, AlertRule.All.Count);
        Assert.Equal(written, AlertRule.All.DistinctBy(alert => alert.Name).Count());
    }

    [Fact]
    public void Every_alert_is_named_after_the_program_and_has_a_severity() =>
        Faults.AssertNone(AlertRule.All
            .Where(alert => !alert.Name.StartsWith("RiskEngine", StringComparison.Ordinal) || !Severities.Contains(Severity().Match(alert.Text).Groups[1].Value))
            .Select(alert => alert.Name));

    [Fact]
    public void Every_alert_says_what_is_and_where_to_look() =>
        Faults.AssertNone(
            from alert in AlertRule.All
            from annotation in new[] { "summary", "description", "dashboard", "runbook_url" }
            where alert.Annotation(annotation).Length < 20
            select $"{alert.Name} has no {annotation}");

    [Fact]
    public void Every_alert_has_a_runbook()
    {
        var pages = Pages.ToHashSet();
        Faults.AssertNone(
            from alert in AlertRule.All
            let page = RunbookUrl().Match(alert.Annotation("runbook_url")).Groups[1].Value
            where !pages.Contains($"Alerts/runbooks/{page}")
            select $"{alert.Name}: {alert.Annotation("runbook_url")}");
    }

    [Fact]
    public void Every_runbook_belongs_to_an_alert_and_says_what_somebody_needs_at_night()
    {
        var used = AlertRule.All.Select(alert => RunbookUrl().Match(alert.Annotation("runbook_url")).Groups[1].Value).ToHashSet();
        Faults.AssertNone(Pages.Where(page => !used.Contains(Path.GetFileName(page))));
        Faults.AssertNone(
            from page in Pages
            from part in new[] { "**What it means.**", "**What people feel.**", "**Look first.**\n\n```sh\n", "**Mend it.**\n\n- ", "**Whom to wake.**" }
            where !Repository.Read(page).Contains(part, StringComparison.Ordinal)
            select $"{page} lacks {part}");
    }

    [Fact]
    public void Every_alert_is_proved_to_fire_and_to_keep_quiet()
    {
        var tests = Tests;
        var rules = AlertRule.All.Where(alert => !alert.IsOfLogs).ToList();
        Faults.AssertNone(rules.Where(alert => !Regex.IsMatch(tests, $@"alertname: {alert.Name}\n +exp_alerts:\n +- exp_labels:")).Select(alert => $"{alert.Name} is never seen to fire"));
        Faults.AssertNone(rules.Where(alert => !Regex.IsMatch(tests, $@"alertname: {alert.Name}, exp_alerts: \[\] ")).Select(alert => $"{alert.Name} is never seen to keep quiet"));
    }

    [Fact]
    public void Every_alert_of_lines_stands_in_the_test_that_proves_it()
    {
        var test = Repository.Read("tests/RiskEngine.Host.Tests/Alerts/LogRuleTests.cs");
        Assert.Contains(AlertRule.All, alert => alert.IsOfLogs);
        Faults.AssertNone(AlertRule.All.Where(alert => alert.IsOfLogs && !test.Contains($"\"{alert.Name}\"", StringComparison.Ordinal)).Select(alert => alert.Name));
    }

    /// <summary>docs/metrics.md and the code have the same names (<see cref="DocumentTests"/>), so what stands there exists.</summary>
    [Fact]
    public void Every_metric_that_a_rule_names_exists()
    {
        var known = DocumentedMetric().Matches(Repository.Read("docs/metrics.md")).Select(match => match.Groups[1].Value).ToHashSet();
        var recorded = Rules.SelectMany(file => Recorded().Matches(Repository.Read(file))).Select(match => match.Groups[1].Value).ToHashSet();
        var faults =
            from file in Rules
            from Match match in NamedMetric().Matches(WithoutText(Repository.Read(file)))
            let name = match.Value
            where name.Contains(':', StringComparison.Ordinal) ? !recorded.Contains(name) : !known.Contains(name) && !known.Contains(HistogramPart().Replace(name, ""))
            select $"{file}: {name}";
        Faults.AssertNone(faults.Distinct());
    }

    [Fact]
    public void Every_recorded_series_is_used()
    {
        var users = string.Join('\n', Rules.Concat(DashboardTests.Boards).Select(Repository.Read));
        Faults.AssertNone(Recorded().Matches(users).Select(match => match.Groups[1].Value).Where(name => Regex.Count(users, $@"(?<![\w:]){name}(?![\w:])") < 2));
    }

    [Fact]
    public void Every_alert_that_a_route_or_an_inhibition_names_exists()
    {
        // One alert is no rule's: the program tells of incidents itself.
        var told = Regex.Match(Repository.Read("RiskEngine/RiskEngine.Responders/Alertmanager/AlertJson.cs"), "public const string Name = \"(\\w+)\"").Groups[1].Value;
        Assert.NotEmpty(told);
        var names = AlertRule.All.Select(alert => alert.Name).Append(told).ToHashSet();
        var faults =
            from Match match in RoutedAlerts().Matches(Repository.Read("Alerts/alertmanager.yml"))
            from ending in match.Groups["endings"].Success ? match.Groups["endings"].Value.Split('|') : [""]
            let name = match.Groups["stem"].Value + ending
            where !names.Contains(name)
            select name;
        Faults.AssertNone(faults);
    }

    [Fact]
    public void The_table_of_alerts_lists_each_with_its_severity()
    {
        var table = Repository.Read("Alerts/README.md");
        Faults.AssertNone(
            from alert in AlertRule.All
            let page = RunbookUrl().Match(alert.Annotation("runbook_url")).Groups[1].Value
            let row = $"| [{alert.Name}](runbooks/{page}) | {Severity().Match(alert.Text).Groups[1].Value} |"
            where !table.Contains(row, StringComparison.Ordinal)
            select row);
    }

    // Links repeat the expressions beside them, and sentences name things in words.
    private static string WithoutText(string rules) => Annotation().Replace(rules, "");

    [GeneratedRegex(@"labels: \{ severity: (\w+) \}")]
    private static partial Regex Severity();

    [GeneratedRegex(@"^https://example\.org/riskengine/runbooks/(RiskEngine\w+\.md)$")]
    private static partial Regex RunbookUrl();

    [GeneratedRegex(@"^ +(?:summary|description|runbook_url): .*$", RegexOptions.Multiline)]
    private static partial Regex Annotation();

    [GeneratedRegex(@"- record: (\S+)")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"(?<![\w:])(?:\w+:)?riskengine_\w+(?::\w+)?")]
    private static partial Regex NamedMetric();

    [GeneratedRegex("_(?:bucket|count|sum)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex("`(riskengine_\\w+)`")]
    private static partial Regex DocumentedMetric();

    [GeneratedRegex(@"(?<stem>RiskEngine\w*)(?:\((?<endings>[\w|]+)\))?(?![\w.(])", RegexOptions.ExplicitCapture)]
    private static partial Regex RoutedAlerts();
}
