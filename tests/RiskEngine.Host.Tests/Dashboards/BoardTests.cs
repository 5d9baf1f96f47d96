using System.Text.Json;
using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>The boards under <c>Dashboards/</c>, each question of theirs put to a real Prometheus. Log queries are parsed and not run: see <see cref="SourceTests"/>.</summary>
public sealed class BoardTests(ITestOutputHelper output)
{
    private static readonly string[] NotANumber = ["NaN", "+Inf", "-Inf"];

    [LinuxFact("prometheus", "promtool")]
    public async Task Every_question_of_every_board_finds_something_or_is_excused_by_name()
    {
        await using var stage = await Stage.SetAsync();
        Assert.False(await AnswerAsync(stage.Prometheus, Board.All[0], new BoardQuery("a label that no series has", "sum(rate(riskengine_events_total{colour=\"red\"}[5s]))", true)));
        var excuses = Excuses.Read();
        var faults = new List<string>();
        var (asked, empty) = (0, new HashSet<string>());
        foreach (var board in Board.All)
        {
            foreach (var query in board.PromQl)
            {
                asked++;
                if (await AnswerAsync(stage.Prometheus, board, query)) continue;
                if (excuses.For(query) is { } excuse) empty.Add(excuse);
                else faults.Add($"{query.Place}: {query.Expression}");
            }

            foreach (var (place, label, selector) in board.Variables)
            {
                asked++;
                var values = await stage.Prometheus.LabelValuesAsync(label, Filled(selector));
                if (values.GetArrayLength() == 0) faults.Add($"{place}: {label} of {selector}");
            }
        }

        foreach (var metric in MetricPage.Read(await stage.Program.MetricsAsync()))
        {
            asked++;
            if (!await AnswerAsync(stage.Prometheus, Board.All[0], new BoardQuery($"docs/metrics.md, {metric.Name}", metric.Question, true))) faults.Add(metric.Question);
        }

        output.WriteLine($"{asked} questions of docs/metrics.md and of {Board.All.Count} boards, {empty.Count} of them excused.");
        faults.AddRange(excuses.All.Except(empty).Select(excuse => $"{excuse} is excused and finds something, or is gone"));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task<bool> AnswerAsync(RealPrometheus prometheus, Board board, BoardQuery query)
    {
        var expression = Filled(query.Expression);
        if (!query.IsRange) return Samples(await prometheus.QueryAsync(expression), "value").Any();
        var now = TimeProvider.System.GetUtcNow();
        var (length, step) = board.IsLong ? (TimeSpan.FromDays(365), TimeSpan.FromDays(1)) : (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        return Samples(await prometheus.QueryRangeAsync(expression, now - length, now, step), "values").Any();
    }

    /// <summary>
    /// As Grafana fills in its variables: everything is chosen, and scrapes come every second. What is shown only above 0 is asked for as it is: whether
    /// a fault happens while the test looks is chance, that its series is there is not.
    /// </summary>
    private static string Filled(string expression) => (expression.EndsWith(" > 0", StringComparison.Ordinal) ? expression[..^4] : expression)
        .Replace("$__rate_interval", "5s", StringComparison.Ordinal)
        .Replace("$__range", "2m", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal)
        .Replace("$application", ".*", StringComparison.Ordinal)
        .Replace("$signal", ".*", StringComparison.Ordinal)
        .Replace("$outpost", ".*", StringComparison.Ordinal);

    private static IEnumerable<string> Samples(JsonElement data, string name) =>
        from series in data.GetProperty("result").EnumerateArray()
        let values = series.GetProperty(name)
        from sample in name == "values" ? values.EnumerateArray().ToArray() : [values]
        let value = sample[1].GetString()!
        where !NotANumber.Contains(value)
        select value;
}
