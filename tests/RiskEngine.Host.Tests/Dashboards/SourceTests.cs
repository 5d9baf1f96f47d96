using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>The boards as code: what is committed is what the code gives, the code fits the types of Grafana's SDK, and log queries are LogQL.</summary>
/// <remarks>There is no Loki to ask here. Log queries are parsed with Grafana's own grammar (lezer-logql), and what they name is looked for in real log lines.</remarks>
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
    public async Task Every_label_that_a_log_query_names_is_in_a_line_that_the_program_wrote()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.LoadYesterdayAsync();
        await program.PulseAsync();
        var written = program.Log().Split('\n').Where(line => line.StartsWith('{')).SelectMany(Keys).ToHashSet();
        var queries = await LogQueriesAsync();
        Assert.Equal([], queries.SelectMany(query => query.Labels.Except(written).Select(label => $"{query.Place}: {label}")).Distinct());
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

    private static async Task<string> NodeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = DashboardFactAttribute.Source, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, await output + await error);
        return await output;
    }

    private sealed record LogQuery(string Place, string Expr, string[] Faults, string[] Labels, string[] Sources);

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
