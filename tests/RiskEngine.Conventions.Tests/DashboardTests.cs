using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>A board says what is seen in words and units, names only what exists, and fits any Grafana.</summary>
public sealed partial class DashboardTests
{
    private const string Fixtures = "tests/RiskEngine.Host.Tests/Dashboards/";

    private static readonly string[] DataSources = ["${prometheus}", "${loki}"];

    /// <summary>Gets the generated boards.</summary>
    internal static IEnumerable<string> Boards => Repository.Files.Where(file => Path.GetDirectoryName(file) == "Dashboards" && file.EndsWith(".json", StringComparison.Ordinal));

    [Fact]
    public void There_is_a_board_for_each_question_that_operators_have() => Assert.Equal(
        ["authentik", "capacity", "detection", "ip-reputation", "logins", "sidecar"], Boards.Select(Path.GetFileNameWithoutExtension));

    [Fact]
    public void Every_panel_says_in_words_what_is_seen_and_has_a_unit()
    {
        Faults.AssertNone(
            from board in Boards
            from panel in PanelsOf(board)
            let title = panel.GetProperty("title").GetString()
            where !panel.TryGetProperty("description", out var words) || words.GetString() is not { Length: >= 20 } text || !text.EndsWith('.') || UnitOf(panel) is null
            select $"{board}: {title}");
    }

    [Fact]
    public void No_two_panels_of_one_kind_share_a_title_and_no_two_boards_an_id()
    {
        Faults.AssertNone(
            from board in Boards
            from same in PanelsOf(board).GroupBy(panel => $"{panel.GetProperty("title").GetString()} ({panel.GetProperty("type").GetString()})")
            where same.Count() > 1
            select $"{board}: {same.Key}");
        Faults.AssertNone(Boards.GroupBy(board => Parse(board).GetProperty("uid").GetString()).Where(boards => boards.Count() > 1).Select(boards => boards.Key));
    }

    [Fact]
    public void Every_panel_and_query_takes_its_data_from_a_variable()
    {
        Faults.AssertNone(
            from board in Boards
            from panel in PanelsOf(board)
            from source in panel.GetProperty("targets").EnumerateArray().Append(panel).Select(one => one.GetProperty("datasource").GetProperty("uid").GetString())
            where !DataSources.Contains(source)
            select $"{board}: {panel.GetProperty("title").GetString()} asks {source}");
    }

    [Fact]
    public void Every_link_from_board_to_board_leads_to_one()
    {
        var ids = Boards.Select(board => Parse(board).GetProperty("uid").GetString()).ToHashSet();
        Faults.AssertNone(
            from board in Boards
            from Match link in BoardLink().Matches(Repository.Read(board))
            where !ids.Contains(link.Groups[1].Value)
            select $"{board}: {link.Groups[1].Value}");
    }

    /// <summary>Of every board that shows lines or asks for them: from a graph to the lines behind it, and from the lines back to a graph.</summary>
    [Fact]
    public void Graphs_lead_to_lines_and_lines_back_to_a_graph()
    {
        var boards = Boards.Where(board => Repository.Read(board).Contains("${loki}", StringComparison.Ordinal)).ToList();
        Assert.True(boards.Count >= 4, string.Join(", ", boards));
        Faults.AssertNone(boards.Where(board => !PanelsOf(board).Any(panel => SourceOf(panel) == "${prometheus}" && LeadsTo(panel, "loki"))).Select(board => $"{board}: no graph leads to lines"));
        Faults.AssertNone(
            from board in boards
            from panel in PanelsOf(board)
            where SourceOf(panel) == "${loki}" && !LeadsTo(panel, "prometheus")
            select $"{board}: {panel.GetProperty("title").GetString()} leads back to no graph");
    }

    [Fact]
    public void Deploys_attacks_and_blocks_are_marked_on_every_board_of_days()
    {
        Faults.AssertNone(
            from board in Boards
            where Path.GetFileNameWithoutExtension(board) is not ("capacity" or "authentik")
            from name in new[] { "Attacks", "Blocks", "Deploys" }
            where !Parse(board).GetProperty("annotations").GetProperty("list").EnumerateArray().Any(one => one.GetProperty("name").GetString() == name && one.GetProperty("enable").GetBoolean())
            select $"{board}: {name}");
    }

    /// <summary>docs/metrics.md and the code have the same names (<see cref="DocumentTests"/>), so what stands there exists.</summary>
    [Fact]
    public void Every_metric_that_a_board_names_exists()
    {
        var rules = string.Join('\n', Repository.Files.Where(file => file.StartsWith("Alerts/rules/", StringComparison.Ordinal)).Select(Repository.Read));
        var known = DocumentedMetric().Matches(Repository.Read("docs/metrics.md")).Select(match => match.Groups[1].Value)
            .Concat(Recorded().Matches(rules).Select(match => match.Groups[1].Value))
            .Concat(NotFedYet)
            .Concat(Repository.Files.Where(file => file.StartsWith(Fixtures, StringComparison.Ordinal) && file.EndsWith(".prom", StringComparison.Ordinal)).SelectMany(AuthentikMetrics))
            .ToHashSet();
        Faults.AssertNone((
            from board in Boards
            from Match match in NamedMetric().Matches(WithoutWords(Repository.Read(board)))
            where !known.Contains(match.Value) && !known.Contains(HistogramPart().Replace(match.Value, ""))
            select $"{board}: {match.Value}").Distinct());
    }

    [Fact]
    public void What_is_called_not_fed_yet_is_not_fed()
    {
        var documented = DocumentedMetric().Matches(Repository.Read("docs/metrics.md")).Select(match => match.Groups[1].Value).ToHashSet();
        Faults.AssertNone(NotFedYet.Where(documented.Contains));
    }

    private static IEnumerable<string> NotFedYet =>
        Parse("Dashboards/source/quiet.json").GetProperty("not_fed_yet").EnumerateObject().Select(metric => metric.Name);

    private static IEnumerable<string> AuthentikMetrics(string file) => FixtureMetric().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value);

    private static JsonElement Parse(string file)
    {
        using var json = JsonDocument.Parse(Repository.Read(file));
        return json.RootElement.Clone();
    }

    private static IEnumerable<JsonElement> PanelsOf(string board) =>
        Parse(board).GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row");

    private static string? SourceOf(JsonElement panel) => panel.GetProperty("datasource").GetProperty("uid").GetString();

    private static bool LeadsTo(JsonElement panel, string kind) => panel.TryGetProperty("links", out var links)
        && links.EnumerateArray().Any(link => Uri.UnescapeDataString(link.GetProperty("url").GetString()!) is var url && url.StartsWith("/explore", StringComparison.Ordinal) && url.Contains($"\"type\":\"{kind}\"", StringComparison.Ordinal));

    private static string? UnitOf(JsonElement panel) =>
        panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out var unit) ? unit.GetString() : null;

    // Ids of boards and words look like metrics and are none.
    private static string WithoutWords(string json) => Words().Replace(json, "");

    [GeneratedRegex(@"/d/([\w-]+)\?")]
    private static partial Regex BoardLink();

    [GeneratedRegex("^ *\"(?:uid|title|description|url)\": .*$", RegexOptions.Multiline)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<![\w:.])(?:\w+:)?(?:riskengine|authentik|django)_\w+(?::\w+)?")]
    private static partial Regex NamedMetric();

    [GeneratedRegex(@"^# TYPE (?<name>\w+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FixtureMetric();

    [GeneratedRegex(@"- record: (\S+)")]
    private static partial Regex Recorded();

    [GeneratedRegex("_(?:bucket|count|sum)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex("`(riskengine_\\w+)`")]
    private static partial Regex DocumentedMetric();
}
