using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Dashboards;
using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>A rule that asks for a label that no series has can never fire, and a graph of it is empty for ever; nobody would notice.</summary>
public sealed partial class SelectorTests
{
    [Fact]
    public async Task Every_selector_of_the_rules_and_boards_finds_a_series_of_the_real_program()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.PulseAsync();
        var metrics = await program.MetricsAsync();
        var series = SeriesLine().Matches(metrics).ToLookup(line => line.Groups["name"].Value, line => Labels(line.Groups["labels"].Value));
        var excuses = Excuses.Read().All.ToHashSet();
        var selectors = Selectors().Concat(BoardSelectors().Where(selector => !excuses.Contains(HistogramPart().Replace(selector.Groups["name"].Value, "")))).ToList();
        Assert.NotEmpty(selectors);
        var faults =
            from selector in selectors
            where !Finds(selector.Value, series[selector.Groups["name"].Value], metrics)
            select selector.Value;
        Assert.Equal([], faults.Distinct());
    }

    /// <summary>Those about authentik, held against what it shows of itself (see <see cref="AuthentikExporter"/>).</summary>
    [Fact]
    public async Task Every_selector_about_authentik_finds_a_series_as_authentik_shows_it()
    {
        var metrics = await File.ReadAllTextAsync(AuthentikExporter.FileOf("core")) + await File.ReadAllTextAsync(AuthentikExporter.FileOf("histograms"));
        var series = SeriesLine().Matches(metrics).ToLookup(line => line.Groups["name"].Value, line => Labels(line.Groups["labels"].Value));
        var selectors = File.ReadLines(RepositoryRoot.Path("Alerts", "rules", "authentik.yml")).Where(line => !Annotation().IsMatch(line)).SelectMany(line => AuthentikSelector().Matches(line)).ToList();
        Assert.True(selectors.Count >= 8, $"{selectors.Count}");
        Assert.Equal([], selectors.Where(selector => !series.Contains(selector.Groups["name"].Value) || !Matcher().Matches(selector.Value).All(matcher => IsMet(matcher, series[selector.Groups["name"].Value]))).Select(selector => selector.Value));
    }

    [Theory]
    [InlineData("a{kind=\"x\"}", true)]
    [InlineData("a{kind=\"z\"}", false)]
    [InlineData("a{kind=~\"x|y\"}", true)]
    [InlineData("a{kind=~\"x|z\"}", false)]
    [InlineData("a{kind!=\"x\"}", true)]
    [InlineData("a{colour=\"x\"}", false)]
    [InlineData("b", true)]
    [InlineData("c", false)]
    public void A_selector_that_finds_nothing_is_told(string selector, bool finds)
    {
        const string Metrics = "# TYPE a counter\na{kind=\"x\"} 0\na{kind=\"y\"} 0\n# TYPE b gauge\n";
        var series = SeriesLine().Matches(Metrics).ToLookup(line => line.Groups["name"].Value, line => Labels(line.Groups["labels"].Value));
        Assert.Equal(finds, Finds(selector, series[selector[..1]], Metrics));
    }

    /// <summary>Whether every matcher, and of a list every entry, is met by some series; of a family that has none yet (a gauge of what may come) that it is there.</summary>
    private static bool Finds(string selector, IEnumerable<Dictionary<string, string>> series, string metrics)
    {
        var all = series.ToList();
        if (all.Count == 0) return metrics.Contains($"# TYPE {selector.Split('{')[0]} ", StringComparison.Ordinal);
        return Matcher().Matches(selector).All(matcher =>
        {
            var (name, operation, wanted) = (matcher.Groups["label"].Value, matcher.Groups["operation"].Value, matcher.Groups["value"].Value);
            return operation.StartsWith('!')
                ? all.Exists(labels => labels.TryGetValue(name, out var value) && value != wanted)
                : wanted.Split('|').All(one => all.Exists(labels => labels.TryGetValue(name, out var value) && value == one));
        });
    }

    private static bool IsMet(Match matcher, IEnumerable<Dictionary<string, string>> series) => series.Any(labels =>
        labels.TryGetValue(matcher.Groups["label"].Value, out var value) && Regex.IsMatch(value, $"^(?:{matcher.Groups["value"].Value})$") != matcher.Groups["operation"].Value.StartsWith('!'));

    private static IEnumerable<Match> Selectors() =>
        from file in Directory.EnumerateFiles(RepositoryRoot.Path("Alerts", "rules"))
        from line in File.ReadLines(file)
        where !Annotation().IsMatch(line)
        from Match selector in Selector().Matches(line)
        select selector;

    // What Grafana fills in is chosen by whoever looks.
    private static IEnumerable<Match> BoardSelectors() =>
        from board in Board.All
        from query in board.PromQl
        from Match selector in Selector().Matches(Variable().Replace(query.Expression, ""))
        select selector;

    private static Dictionary<string, string> Labels(string text) =>
        Matcher().Matches(text).ToDictionary(label => label.Groups["label"].Value, label => label.Groups["value"].Value);

    [GeneratedRegex(@"^(?<name>\w+)(?:\{(?<labels>.*)\})? [^ ]+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SeriesLine();

    [GeneratedRegex(@"(?<![\w:])(?<name>riskengine_\w+)(?!\w*:)(\{[^}]*\})?", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<name>(?:authentik|django)_\w+)(\{[^}]*\})?", RegexOptions.ExplicitCapture)]
    private static partial Regex AuthentikSelector();

    [GeneratedRegex(@"(?<label>\w+)(?<operation>=~|!=|!~|=)""(?<value>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\w+=~""\$\w+"",?")]
    private static partial Regex Variable();

    [GeneratedRegex("_(?:bucket|count|sum)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex("^ +(summary|description|dashboard|runbook_url): |^ *#", RegexOptions.ExplicitCapture)]
    private static partial Regex Annotation();
}
