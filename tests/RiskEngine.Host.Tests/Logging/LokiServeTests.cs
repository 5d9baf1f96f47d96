using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>The built program with a Loki, and with one that is none.</summary>
public sealed class LokiServeTests
{
    [Fact]
    public async Task Lines_assessments_and_the_audit_arrive_without_names_and_secrets()
    {
        await using var loki = await LokiStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, loki);
        using var client = server.Client();
        await PostAsync(client, "/api/v1/events", SomeEvent.Spray("203.0.113.9", 40), 202);
        using (var answer = await client.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login("one", subject: "jane-doe")))) Assert.Equal(202, (int)answer.StatusCode);
        using (var answer = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "subject", value = "jane-doe", duration = "1h", reason = "words of jane-doe" }))) Assert.Equal(201, (int)answer.StatusCode);
        using (var answer = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = "203.0.113.77", duration = "1h", reason = "password=hunter22 seen" }))) Assert.Equal(201, (int)answer.StatusCode);
        await loki.SeeAsync(taken => taken.Count(line => line.Stream == "assessment") >= 41 && taken.Count(line => line.Stream == "audit" && line.Line.Contains("block.add", StringComparison.Ordinal)) == 2);

        Assert.All(loki.Taken, line => Assert.Equal(("riskengine", "test"), (line.Labels["app"], line.Labels["env"])));
        Assert.All(loki.Taken, line => Assert.Subset(new HashSet<string>(["app", "env", "level", "stream"]), line.Labels.Keys.ToHashSet()));
        var all = string.Join('\n', loki.Taken.Select(line => line.Line + string.Join(' ', line.Metadata.Values)));
        Assert.DoesNotContain("jane-doe", all, StringComparison.Ordinal);
        Assert.DoesNotContain("userjane", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", all, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(folder.File("admin.key")).Trim(), all, StringComparison.Ordinal);

        var assessment = loki.Of("assessment").Single(line => line.Json.GetProperty("event_id").GetString() == "one");
        Assert.Equal(assessment.Json.GetProperty("risk_level").GetString(), assessment.Metadata["risk_level"]);
        Assert.Equal(assessment.Json.GetProperty("decision").GetString(), assessment.Metadata["decision"]);
        var subject = assessment.Json.GetProperty("subject").GetString();
        var audit = loki.Of("audit").Where(line => line.Metadata["what"] == "block.add").ToList();
        Assert.Equal($"subject:{subject}", audit[0].Json.GetProperty("target").GetString());
        Assert.False(audit[0].Json.TryGetProperty("detail", out _));
        Assert.Equal(("ip:203.0.113.77", "password=[removed] seen"), (audit[1].Json.GetProperty("target").GetString(), audit[1].Json.GetProperty("detail").GetString()));

        Assert.Equal(0, await server.StopAsync());
        // What the end wrote is there too, and the log of the program is the same in both places.
        var app = loki.Of("app").Select(line => line.Line).ToList();
        Assert.Contains(app, line => line.Contains("requests under way were finished", StringComparison.Ordinal));
        Assert.Equal(server.Log().Split('\n').Where(line => line.StartsWith('{')).Order(StringComparer.Ordinal), app.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Addresses_are_pseudonyms_where_the_configuration_says_so()
    {
        await using var loki = await LokiStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, loki, "privacy: { addresses: hashed }");
        using var client = server.Client();
        await PostAsync(client, "/api/v1/events", SomeEvent.Spray("203.0.113.9", 40), 202);
        using (var answer = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = "203.0.113.9", duration = "1h", reason = "seen from 203.0.113.9" }))) Assert.Equal(201, (int)answer.StatusCode);
        await loki.SeeAsync(taken => taken.Count(line => line.Stream == "assessment") >= 40 && taken.Any(line => line.Line.Contains("block.add", StringComparison.Ordinal)));
        Assert.DoesNotContain(loki.Taken, line => line.Line.Contains("203.0.113.9\"", StringComparison.Ordinal) || line.Line.Contains("from 203.0.113.9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loki_that_hangs_holds_no_login_up_and_takes_nothing_from_the_audit()
    {
        await using var loki = await LokiStandIn.StartAsync();
        loki.Instead = async context => await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, loki, more: "queue_limit: 100");
        using var client = server.Client();
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= 20; i++) await PostAsync(client, "/api/v1/events", SomeEvent.Spray($"203.0.113.{i}", 60), 202);
        for (var i = 0; i < 200; i++)
        {
            using var asked = await client.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login($"question-{i}", "login_attempt")));
            Assert.Equal(StatusCodes.Status200OK, (int)asked.StatusCode);
        }

        // Each of these would take ten seconds if anybody waited for Loki.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"it took {clock.Elapsed}");
        var metrics = await client.GetStringAsync("/metrics");
        Assert.InRange(Metric(metrics, "riskengine_loki_entries_dropped_total{reason=\"full\"}"), 1000, 4000);
        Assert.InRange(Metric(metrics, "riskengine_loki_queue_entries"), 70, 100);
        Assert.InRange(Metric(metrics, "riskengine_log_entries_dropped_total{sink=\"loki\"}"), 1000, 4000);
        clock.Restart();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"the end took {clock.Elapsed}");
        var verified = await Cli.Program.RunAsync("export", "audit", "--verify", "--state", folder.File("riskengine.db"));
        Assert.True(verified.Code == 0, verified.Error);
        Assert.Contains("whole: ", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loki_that_is_not_there_is_told_of_once_and_gets_what_waited_when_it_is_back()
    {
        await using var loki = await LokiStandIn.StartAsync();
        loki.Instead = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, loki);
        await server.SeeAsync("takes no lines: it failed (503)");
        using var client = server.Client();
        await PostAsync(client, "/api/v1/events", SomeEvent.Spray("203.0.113.9", 40), 202);
        loki.Instead = null;
        await loki.SeeAsync(taken => taken.Any(line => line.Line.Contains("takes lines again", StringComparison.Ordinal)) && taken.Count(line => line.Stream == "assessment") == 40);
        Assert.Single(loki.Of("app"), line => line.Line.Contains("takes no lines", StringComparison.Ordinal));
        Assert.Equal(0, Metric(await client.GetStringAsync("/metrics"), "riskengine_log_entries_dropped_total{sink=\"loki\"}"));
    }

    [Fact]
    public async Task A_restart_sends_the_newest_of_the_audit_again_and_loki_has_each_once()
    {
        await using var loki = await LokiStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        for (var start = 0; start < 2; start++)
        {
            await using var server = await StartAsync(folder, loki);
            using var client = server.Client();
            using (var answer = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = $"203.0.113.{start}", duration = "1h", reason = "a test" }))) Assert.Equal(201, (int)answer.StatusCode);
            Assert.Equal(0, await server.StopAsync());
        }

        var records = loki.Of("audit").Select(line => int.Parse(line.Metadata["record"], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, records.Count), records.Order());
        Assert.Equal(2, loki.Of("audit").Count(line => line.Metadata["what"] == "block.add"));
    }

    [Fact]
    public async Task More_assessments_than_the_rate_are_counted_and_only_the_risky_ones_are_sent_where_that_is_asked_for()
    {
        await using var loki = await LokiStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, loki, more: "assessments_per_second: 1, minimum_risk_level: medium, streams: [assessment]");
        using var client = server.Client();
        for (var i = 1; i <= 3; i++) await PostAsync(client, "/api/v1/events", SomeEvent.Spray($"203.0.113.{i}", 60), 202);
        await loki.SeeAsync(taken => taken.Count >= 10);
        Assert.All(loki.Taken, line => Assert.Equal("assessment", line.Stream));
        Assert.All(loki.Taken, line => Assert.Contains(line.Metadata["risk_level"], (string[])["medium", "high"]));
        Assert.InRange(loki.Taken.Count, 10, 60);
        Assert.InRange(Metric(await client.GetStringAsync("/metrics"), "riskengine_loki_entries_dropped_total{reason=\"rate\"}"), 10, 170);
    }

    private static async Task<ServedProgram> StartAsync(TemporaryFolder folder, LokiStandIn loki, string line = "", string more = "streams: [app, audit, assessment]")
    {
        folder.Write("riskengine.yaml", $"policy: {{ mode: enforce }}\nloki: {{ url: '{loki.Url.GetLeftPart(UriPartial.Authority)}', env: test, period: 100ms, {more} }}\n{line}\n");
        return await ServedProgram.StartAsync(folder.FullName);
    }

    private static async Task PostAsync(HttpClient client, string path, string lines, int expected)
    {
        using var answer = await client.PostAsync(path, Json.Text(lines, "application/x-ndjson"));
        Assert.Equal(expected, (int)answer.StatusCode);
    }

    private static double Metric(string metrics, string series)
    {
        var line = metrics.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
