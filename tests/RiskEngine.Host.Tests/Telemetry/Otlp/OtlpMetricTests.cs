using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

/// <summary>Metrics as they are pushed, decoded from what a receiver was sent.</summary>
public sealed partial class OtlpMetricTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Whatever_a_scrape_has_measured_is_pushed_with_the_same_names_labels_and_values()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        string scraped;
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Interval = TimeSpan.FromHours(1) })))
        {
            using (await server.Admin.PostAsync("/api/v1/events", Json.Body(new[] { SomeEvent.Login("p1"), SomeEvent.Login("p2"), SomeEvent.Login("p2") })))
            {
            }

            scraped = await server.Admin.GetStringAsync("/metrics");
        }

        // The end of the server pushed a last time.
        Assert.Equal([], receiver.Faults);
        var pushed = receiver.Points.Select(point => $"{point.Metric}{{{point.Labels}}} {point.Value:0.###}").ToHashSet();
        var counted = Counted().Matches(scraped).Select(line => $"{line.Groups["name"].Value}{{{line.Groups["labels"].Value}}} {line.Groups["value"].Value}").ToList();
        Assert.True(counted.Count > 200, $"{counted.Count} counters");
        Assert.Equal([], counted.Where(line => !line.StartsWith("riskengine_otlp_", StringComparison.Ordinal) && !pushed.Contains(line)));
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"http\"} 2", pushed);
        Assert.All(receiver.Points, point => Assert.True(point.IsCumulative, point.Metric));
        Assert.Contains(receiver.Points, point => point is { Metric: "riskengine_risk_score", Value: 2 });
    }

    [Fact]
    public async Task An_exemplar_leads_to_the_trace_of_the_caller()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Sampling = 0 })))
        {
            using var question = new HttpRequestMessage(HttpMethod.Post, "/api/v1/evaluate") { Content = Json.Body(SomeEvent.Login(null)) };
            question.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            using (await server.Admin.SendAsync(question))
            {
            }
        }

        Assert.Contains(receiver.Points, point => point.Metric == "riskengine_evaluate_duration_seconds" && point.Traces.Contains(Trace));
    }

    [Fact]
    public async Task What_is_switched_off_is_not_pushed()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Metrics = false })))
        {
            using (await server.Admin.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null))))
            {
            }

            Assert.DoesNotContain("signal=\"metrics\"", await server.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }

        Assert.Empty(receiver.Points);
        Assert.NotEmpty(receiver.Spans);
    }

    [Fact]
    public async Task Headers_come_from_their_file_anew_for_each_request()
    {
        using var folder = new Serving.TemporaryFolder();
        var file = folder.Write("headers", "\nAuthorization: Bearer one two\n");
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { HeadersFile = file }));
        await Until.TrueAsync(() => receiver.Credentials.Contains("Bearer one two"));
        await File.WriteAllTextAsync(file, "Authorization: Bearer three\n");
        await Until.TrueAsync(() => receiver.Credentials.Contains("Bearer three"));
    }

    [GeneratedRegex("^(?<name>riskengine_[a-z_]+_total)\\{(?<labels>.*)\\} (?<value>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Counted();
}
