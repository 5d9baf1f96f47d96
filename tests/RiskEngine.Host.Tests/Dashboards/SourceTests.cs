using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Logging;
using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>The boards as code: what is committed is what the code gives, the code fits the types of Grafana's SDK, and log queries are LogQL.</summary>
/// <remarks>There is no Loki to ask here. Log queries are parsed with Grafana's own grammar (lezer-logql), and what they name is looked for in lines that the program sent to what stands in for one.</remarks>
public sealed partial class SourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [DashboardFact]
    public async Task The_committed_boards_are_what_their_source_gives() => await NodeAsync("generate.js", "--check");

    [DashboardFact]
    public async Task The_source_fits_the_types_of_the_sdk() => await NodeAsync("node_modules/typescript/bin/tsc", "-p", ".");

    [DashboardFact]
    public async Task Every_log_query_is_understood_by_the_grammar()
    {
        var queries = await LogQueriesAsync();
        Assert.NotEmpty(queries);
        Assert.Equal([], queries.SelectMany(query => query.Faults.Select(fault => $"{query.Place}: {query.Expr}, {fault}")));
    }

    [DashboardFact]
    public async Task Every_log_query_selects_a_stream_that_the_program_sends_and_asks_it_for_labels_that_its_lines_have()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.LoadYesterdayAsync();
        await program.PulseAsync();
        await program.PolledAsync();
        await program.Loki.SeeAsync(taken => taken.Any(line => line.Line.Contains("block.add", StringComparison.Ordinal)) && taken.Any(line => line.Labels["level"] is "warn" or "error"));
        var taken = program.Loki.Taken;
        Assert.Equal([], (await LogQueriesAsync()).SelectMany(query => FaultsOf(query, taken)).Distinct());
    }

    [Fact]
    public void A_log_query_for_another_stream_or_a_label_that_no_line_has_is_told()
    {
        var line = new TakenLine(new Dictionary<string, string> { ["app"] = "riskengine", ["stream"] = "app" }, 1, "{\"source\":\"x\"}", new Dictionary<string, string>());
        var query = new LogQuery("a", "", [], ["source"], [], [[["app", "=", "riskengine"], ["stream", "=~", "app|audit"]]]);
        Assert.Empty(FaultsOf(query, [line]));
        Assert.Equal(["a: no line of this stream"], FaultsOf(query with { Selectors = [[["stream", "=", "audit"]]] }, [line]));
        Assert.Equal(["a: country"], FaultsOf(query with { Labels = ["source", "country"] }, [line]));
    }

    private static IEnumerable<string> FaultsOf(LogQuery query, IReadOnlyList<TakenLine> taken)
    {
        foreach (var selector in query.Selectors)
        {
            var lines = taken.Where(line => selector.All(matcher => Matches(matcher, line))).ToList();
            if (lines.Count == 0) yield return $"{query.Place}: no line of this stream";
            var known = lines.SelectMany(line => line.Labels.Keys.Concat(line.Metadata.Keys).Concat(Keys(line.Line))).ToHashSet();
            foreach (var label in query.Labels.Except(lines.Count == 0 ? query.Labels : known)) yield return $"{query.Place}: {label}";
        }
    }

    private static bool Matches(string[] matcher, TakenLine line)
    {
        var value = line.Labels.GetValueOrDefault(matcher[0], "");
        return matcher[1] == "=" ? value == matcher[2] : Regex.IsMatch(value, $"^(?:{matcher[2]})$");
    }

    [DashboardFact]
    public async Task Every_part_of_the_program_that_a_log_query_names_writes_lines()
    {
        var writers = Directory.EnumerateFiles(RepositoryRoot.Path("RiskEngine", "RiskEngine.Host"), "*.cs", SearchOption.AllDirectories)
            .Where(file => LogMessage().IsMatch(File.ReadAllText(file))).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var queries = await LogQueriesAsync();
        Assert.Equal([], queries.SelectMany(query => query.Sources.Where(source => !writers.Contains(source)).Select(source => $"{query.Place}: {source}")).Distinct());
    }

    private static async Task<List<LogQuery>> LogQueriesAsync()
    {
        var text = await NodeAsync("logql.js");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<LogQuery>(line, JsonSerializerOptions.Web)!)];
    }

    private static IEnumerable<string> Keys(string line)
    {
        using var json = JsonDocument.Parse(line);
        return [.. json.RootElement.EnumerateObject().Select(property => property.Name)];
    }

    private static Task<string> NodeAsync(params string[] arguments) => NodeAsync("", arguments);

    /// <summary>Runs a script of the boards' folder; what it wrote to standard output.</summary>
    internal static async Task<string> NodeAsync(string input, string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = DashboardFactAttribute.Source, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, await output + await error);
        return await output;
    }

    private sealed record LogQuery(string Place, string Expr, string[] Faults, string[] Labels, string[] Sources, string[][][] Selectors);

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex LogMessage();
}

/// <summary>A test that needs Node and the packages of <c>Dashboards/source</c>; skipped, and counted as skipped, where they are absent.</summary>
public sealed class DashboardFactAttribute : FactAttribute
{
    public DashboardFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "node")))) Skip = "The program node is not there.";
        else if (!Directory.Exists(Path.Combine(Source, "node_modules", "@grafana"))) Skip = "The packages of Dashboards/source are not there: npm ci.";
    }

    public static string Source { get; } = RepositoryRoot.Path("Dashboards", "source");
}
