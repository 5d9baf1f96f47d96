using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>What others build dashboards and alerts on: names and labels that stay as they were promised. docs/metrics.md is made of what the program shows.</summary>
public sealed partial class MetricContractTests
{
    private const string Promised =
        """
        events_total{source,kind} events_rejected_total{source,reason} events_duplicate_total{source} logins_total{outcome,application,auth_method} event_lag_seconds{source}:histogram
        source_lag_events{source} source_last_success_timestamp_seconds{source} assessments_total{risk_level,decision,enforced} risk_score:histogram
        assessment_duration_seconds:histogram evaluate_duration_seconds{outcome}:histogram signals_total{signal} degraded_total{fact} challenges_total{outcome} attack_active{kind}
        drift_psi{model} blocks_active{scope,origin} blocks_total{scope,origin,enforced} feedback_total{label} responder_requests_total{responder,outcome}
        responder_duration_seconds{responder}:histogram outbox_depth{responder} feed_age_seconds{feed} feed_entries{feed} geo_database_age_seconds{database}
        store_operation_duration_seconds{store,operation}:histogram store_errors_total{store,operation} dead_letters_total{source,reason} queue_depth{queue} queue_capacity{queue}
        log_entries_dropped_total{sink} safety_valve_total{valve} build_info{version,commit} table_evictions_total{table}
        """;

    [Fact]
    public void Every_promised_family_is_there_with_its_labels_and_its_kind()
    {
        var shown = Family().Matches(Repository.Read("docs/metrics.md"))
            .ToDictionary(family => family.Groups["name"].Value, family => (Kind: family.Groups["kind"].Value, Labels: Labels(LabelName().Matches(family.Groups["labels"].Value))));
        var promised = Promise().Matches(Promised).ToList();
        Assert.Equal(34, promised.Count);
        Faults.AssertNone(
            from family in promised
            let name = "riskengine_" + family.Groups["name"].Value
            let kind = family.Groups["kind"].Success ? "Histogram" : name.EndsWith("_total", StringComparison.Ordinal) ? "Counter" : "Gauge"
            let expected = (kind, Labels(Regex.Matches(family.Groups["labels"].Value, "(?<name>\\w+)")))
            where !shown.TryGetValue(name, out var found) || found != expected
            select $"{name} was promised as {expected} and is {shown.GetValueOrDefault(name)}");
    }

    private static string Labels(IEnumerable<Match> names) => string.Join(',', names.Select(name => name.Groups["name"].Value).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^### `(?<name>\w+)`\n\n[^\n]+\n\n(?<kind>\w+); [^;]+; (?<labels>[^\n]*)\.$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();

    // Names stand before their values, which stand in brackets.
    [GeneratedRegex(@"(?:^labels |; )`(?<name>\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelName();

    [GeneratedRegex(@"(?<name>\w+)(?:\{(?<labels>[^}]*)\})?(?::(?<kind>histogram))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Promise();
}
