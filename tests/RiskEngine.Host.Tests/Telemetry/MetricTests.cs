using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Monitoring;

namespace RiskEngine.Host.Tests.Telemetry;

public sealed class MetricTests : ApiTests
{
    private static readonly string[] Families =
    [
        "events_total", "events_rejected_total", "events_duplicate_total", "logins_total", "event_lag_seconds", "source_last_success_timestamp_seconds",
        "assessments_total", "risk_score", "assessment_duration_seconds", "evaluate_duration_seconds", "signals_total", "degraded_total", "challenges_total",
        "attack_active", "blocks_active", "blocks_total", "feedback_total", "feed_age_seconds", "feed_entries", "geo_database_age_seconds",
        "store_operation_duration_seconds", "queue_depth", "queue_capacity", "log_entries_dropped_total", "safety_valve_total", "build_info", "table_evictions_total",
        "incidents_open", "incidents_opened_total", "incidents_closed_early_total", "incident_events_dropped_total",
    ];

    [Fact]
    public async Task Every_family_is_there_before_anything_happened()
    {
        var text = await Admin.GetStringAsync("/metrics");

        Assert.All(Families, family => Assert.Contains($"# TYPE riskengine_{family} ", text, StringComparison.Ordinal));
        Assert.Contains("riskengine_evaluate_duration_seconds_bucket{outcome=\"ok\",le=\"+Inf\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{source=\"http\",kind=\"login\"} 0", Sorted(text), StringComparison.Ordinal);
        Assert.Contains("riskengine_risk_score_bucket{le=\"+Inf\"} 0", text, StringComparison.Ordinal);
    }

    /// <summary>A counter that is born with its first count has no increase that an alert could see.</summary>
    [Fact]
    public async Task The_valve_is_at_zero_before_it_trips() =>
        Assert.Contains("riskengine_safety_valve_total{valve=\"newly_hit_subjects\"} 0", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);

    [Fact]
    public async Task What_happened_is_counted()
    {
        await PostAsync("/api/v1/events", new[] { SomeEvent.Login("m1"), SomeEvent.Login("m2"), SomeEvent.Login("m2") }, 202);
        await PostAsync("/api/v1/events", new { kind = "login" }, 400);
        await PostAsync("/api/v1/evaluate", SomeEvent.Login(null), 200);
        await PostAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.44", duration = "1h", reason = "x" }, 201);
        var text = Sorted(await Admin.GetStringAsync("/metrics"));

        Assert.Contains("riskengine_events_total{source=\"http\",kind=\"login\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_duplicate_total{source=\"http\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_rejected_total{source=\"http\",reason=\"missing_field\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_risk_score_count 2", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_evaluate_duration_seconds_count{outcome=\"ok\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_blocks_active{scope=\"ip\",origin=\"person\"} 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_and_no_name_is_in_any_label()
    {
        using (await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson")))
        {
        }

        var text = await Admin.GetStringAsync("/metrics");
        Assert.DoesNotContain("203.0.113.9", text, StringComparison.Ordinal);
        Assert.DoesNotContain("n42", text, StringComparison.Ordinal);
        Assert.Contains("riskengine_attack_active{kind=\"password_spray\"} 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applications_beyond_the_first_sixteen_are_other()
    {
        var logins = Enumerable.Range(0, 40).Select(i =>
        {
            var login = SomeEvent.Login($"app{i}");
            login["application"] = $"application-{i}";
            return login;
        });
        await PostAsync("/api/v1/events", logins.ToArray(), 202);
        var text = await Admin.GetStringAsync("/metrics");

        Assert.Contains("application-15", text, StringComparison.Ordinal);
        Assert.DoesNotContain("application-16", text, StringComparison.Ordinal);
        Assert.Contains("application=\"other\"", text, StringComparison.Ordinal);
    }

    /// <summary>What a source may call its applications: the text stays one that Prometheus reads, and says the same.</summary>
    [Fact]
    public async Task A_label_value_with_quotes_line_ends_and_bytes_that_are_no_text_breaks_no_line()
    {
        await PostAsync("/api/v1/events", With("application", "a\"b\\c\nd\r\u2028e"), 202);
        var broken = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(With("application", "XX"))).AsSpan().ToArray();
        var place = broken.AsSpan().IndexOf("XX"u8);
        (broken[place], broken[place + 1]) = (0xC3, 0x28);
        using (await Admin.PostAsync("/api/v1/events", Json.Bytes(broken)))
        {
        }

        // Half of a pair, which UTF-8 has no form for.
        using (await Admin.PostAsync("/api/v1/events", Json.Text(JsonSerializer.Serialize(With("application", "YYY")).Replace("YYY", "\\ud800", StringComparison.Ordinal), "application/json")))
        {
        }

        var text = await Admin.GetStringAsync("/metrics");
        Assert.Contains("application=\"a\\\"b\\\\c\\nd\r\u2028e\"", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^(#|riskengine_)", line));
        var bytes = await Admin.GetByteArrayAsync("/metrics");
        Assert.Equal(text, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));

        static Dictionary<string, object?> With(string name, string value)
        {
            var login = SomeEvent.Login($"odd-{value.Length}");
            login[name] = value;
            return login;
        }
    }

    [Fact]
    public async Task OpenMetrics_carries_the_trace_of_a_caller_that_sent_one()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var question = new HttpRequestMessage(HttpMethod.Post, "/api/v1/evaluate") { Content = Json.Body(SomeEvent.Login(null)) };
        question.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using (await Admin.SendAsync(question))
        {
        }

        // What took how long is known once the answer is out, which the caller may see first.
        var text = await ScrapeOpenMetricsAsync();
        for (var tries = 0; tries < 100 && !text.Contains(Trace, StringComparison.Ordinal); tries++)
        {
            await Task.Delay(50);
            text = await ScrapeOpenMetricsAsync();
        }

        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains($"trace_id=\"{Trace}\"", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE riskengine_events counter", text, StringComparison.Ordinal);
    }

    private async Task<string> ScrapeOpenMetricsAsync()
    {
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        scrape.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text"));
        using var response = await Server.Nobody.SendAsync(scrape);
        return await response.Content.ReadAsStringAsync();
    }

    [PromtoolFact]
    public async Task Promtool_finds_nothing_wrong()
    {
        foreach (var application in new[] { "mail", "a\"b\\c\nd\r\u2028e", "\u202e{le=\"1\"} 7 # {", "\ufffd" })
        {
            var login = SomeEvent.Login($"promtool-{application.Length}");
            (login["application"], login["auth_method"]) = (application, "\n\\");
            await PostAsync("/api/v1/events", login, 202);
        }

        await Promtool.CheckMetricsAsync(await Admin.GetStringAsync("/metrics"));
    }

    // The SDK gives labels in an order of its own; the tests name them in that of the contract.
    private static string Sorted(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "\\{([^}]*)\\}", match => "{" + string.Join(',', match.Groups[1].Value.Split(',').OrderBy(Rank)) + "}");

    private static int Rank(string label) => Array.FindIndex(["source=", "scope=", "origin=", "kind=", "reason=", "enforced=", "le="], prefix => label.StartsWith(prefix, StringComparison.Ordinal));
}
