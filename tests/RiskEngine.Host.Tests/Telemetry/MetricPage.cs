using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RiskEngine.Host.Tests.Telemetry;

/// <summary>One family of metrics as the program shows it.</summary>
/// <param name="Values">The values of each label, those seen first first.</param>
internal sealed record ShownMetric(string Name, string Kind, string Help, IReadOnlyList<(string Label, IReadOnlyList<string> Values)> Values)
{
    /// <summary>Gets what is counted or measured, by the name, which says so.</summary>
    public string Unit => Name switch
    {
        "riskengine_risk_score" => "points, 0 to 100",
        "riskengine_drift_psi" => "index, from 0",
        "riskengine_attack_active" or "riskengine_kafka_paused" => "0 or 1",
        _ when Name.EndsWith("_timestamp_seconds", StringComparison.Ordinal) => "Unix time in seconds",
        _ when Name.EndsWith("_seconds", StringComparison.Ordinal) => "seconds",
        _ when Name.EndsWith("_bytes", StringComparison.Ordinal) => "bytes",
        _ when Name.EndsWith("_info", StringComparison.Ordinal) => "always 1",
        _ => "count",
    };

    /// <summary>Gets a question that it answers, in PromQL.</summary>
    public string Question
    {
        get
        {
            var labels = string.Join(", ", Values.Select(label => label.Label).Take(2));
            var by = labels.Length == 0 ? "" : $" by ({labels})";
            return Kind switch
            {
                "histogram" => $"histogram_quantile(0.99, sum by ({string.Join(", ", Values.Select(label => label.Label).Take(1).Append("le"))}) (rate({Name}_bucket[5m])))",
                "counter" => $"sum{by} (rate({Name}[5m]))",
                _ when Unit.StartsWith("Unix", StringComparison.Ordinal) => $"time() - max{by} ({Name})",
                _ when Unit == "always 1" => $"count{by} ({Name})",
                _ when Unit == "count" => $"sum{by} ({Name})",
                _ => $"max{by} ({Name})",
            };
        }
    }
}

/// <summary>The page <c>docs/metrics.md</c>, made of what the program shows and of nothing else.</summary>
internal static partial class MetricPage
{
    /// <summary>More values than this are named elsewhere.</summary>
    private const int MostValues = 18;

    /// <summary>Labels whose values come from configuration or from logins.</summary>
    private static readonly HashSet<string> Open = ["source", "application", "auth_method", "feed", "database", "version", "commit", "store", "responder", "country"];

    /// <summary>The families of a page in the text format, by name.</summary>
    public static IReadOnlyList<ShownMetric> Read(string metrics)
    {
        var series = Series().Matches(metrics).ToLookup(line => line.Groups["name"].Value, line => line.Groups["labels"].Value);
        return
        [
            .. from Match family in Family().Matches(metrics)
               let name = family.Groups["name"].Value
               let kind = family.Groups["kind"].Value
               let lines = series[kind == "histogram" ? $"{name}_count" : name].ToList()
               orderby name
               select new ShownMetric(name, kind, family.Groups["help"].Value.Replace("\\\\", "\\", StringComparison.Ordinal), lines.Count > 0 ? LabelsOf(lines) : throw new InvalidOperationException($"{name} shows no series; give {nameof(Monitoring.WholeProgram)} what makes one.")),
        ];
    }

    public static string Write(IReadOnlyList<ShownMetric> metrics)
    {
        var page = new StringBuilder("""
            # Metrics

            `/metrics` without a key, on the same address as the API: in the text format of Prometheus, or as OpenMetrics 1.0 with exemplars where that is asked for, compressed where gzip is accepted. Units are base units, counters end in `_total`, series that are known beforehand start at 0. No label holds a subject, an address, a user agent or a message; sets that could grow are cut off and the rest is `other`. Histograms have, as usual, `_bucket`, `_sum` and `_count`.

            [Alerts/](../Alerts/README.md) has rules that ask around the clock, [Dashboards/](../Dashboards/README.md) shows them, [observability.md](observability.md) says how to keep them for a year. This page is made of what the program says of itself; `RISKENGINE_WRITE_PAGES=1 dotnet test tests/RiskEngine.Host.Tests --filter MetricPageTests` writes it anew, and a test fails when it is stale.

            ## Four questions first

            - *Is anything coming in?* `sum by (source) (rate(riskengine_events_total[5m]))`, and beside it the rejected ones by reason.
            - *Are people being hit?* `sum by (decision) (rate(riskengine_assessments_total{enforced="true"}[5m]))`, and any increase of the valve.
            - *Is it judging blindly?* `sum by (fact) (rate(riskengine_degraded_total[5m]))`.
            - *Does it answer in time?* `histogram_quantile(0.99, sum by (le) (rate(riskengine_evaluate_duration_seconds_bucket[5m])))`.

            ## Every metric


            """);
        foreach (var metric in metrics)
        {
            page.Append(CultureInfo.InvariantCulture, $"### `{metric.Name}`\n\n{metric.Help}\n\n");
            page.Append(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(metric.Kind[0])}{metric.Kind[1..]}; {metric.Unit}; {Labels(metric)}.\n\n```promql\n{metric.Question}\n```\n\n");
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Labels(ShownMetric metric) => metric.Values.Count == 0 ? "no labels" : "labels " + string.Join("; ", metric.Values.Select(label => Label(metric, label)));

    private static string Label(ShownMetric metric, (string Name, IReadOnlyList<string> Values) label) => label switch
    {
        ("signal", _) when metric.Name == "riskengine_signals_total" => "`signal` (see [detection](detection.md))",
        var (name, values) when Open.Contains(name) || values.Count > MostValues => $"`{name}`",
        var (name, values) => $"`{name}` ({string.Join(", ", values.Select(value => $"`{value}`"))})",
    };

    private static List<(string Label, IReadOnlyList<string> Values)> LabelsOf(List<string> lines) =>
    [
        .. from pair in lines.SelectMany(line => Pair().Matches(line))
           group pair.Groups["value"].Value by pair.Groups["label"].Value into label
           orderby Rank(label.Key), label.Key
           select (label.Key, (IReadOnlyList<string>)[.. label.Distinct().Order(StringComparer.Ordinal)]),
    ];

    /// <summary>Where it came from comes first.</summary>
    private static int Rank(string label) => label is "source" or "store" or "queue" or "responder" ? 0 : 1;

    [GeneratedRegex(@"^# HELP (?<name>\w+) (?<help>.*)\n# TYPE \w+ (?<kind>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();

    [GeneratedRegex(@"^(?<name>\w+)(?:\{(?<labels>.*)\})? [^ ]+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Series();

    [GeneratedRegex(@"(?<label>\w+)=""(?<value>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();
}
