using System.Diagnostics;
using System.Net;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Telemetry.Otlp;

namespace RiskEngine.Host.Tests.Responding;

public sealed class WebhookTests
{
    [Fact]
    public async Task A_block_a_decision_a_word_and_a_release_reach_the_webhook_in_that_order_and_name_nobody()
    {
        await using var test = await Responding.StartAsync();
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "jane left" }, HttpStatusCode.Created);
        var block = await test.NextAsync();
        await test.PostAsync("/api/v1/events", SomeEvent.Login("e1", subject: "jane"), HttpStatusCode.Accepted);
        var decision = await test.NextAsync();
        await test.PostAsync("/api/v1/feedback", new { event_id = "e1", label = "compromised", note = "jane called" }, HttpStatusCode.NoContent);
        var word = await test.NextAsync();
        var id = (await test.GetAsync("/api/v1/blocks")).GetProperty("items")[0].GetProperty("id").GetInt64();
        await test.DeleteAsync($"/api/v1/blocks/{id}");
        var release = await test.NextAsync();

        Assert.Equal(["block", "decision", "feedback", "release"], new[] { block, decision, word, release }.Select(body => body.GetProperty("type").GetString()));
        Assert.Equal(("block", true, "standing-block"), (decision.GetProperty("decision").GetString(), decision.GetProperty("enforced").GetBoolean(), decision.GetProperty("rule").GetString()));
        Assert.Equal(block.GetProperty("value").GetString(), decision.GetProperty("subject").GetString());
        Assert.Equal((id, id), (block.GetProperty("block_id").GetInt64(), release.GetProperty("block_id").GetInt64()));
        Assert.All(new[] { block, decision, word, release }, body => Assert.DoesNotContain("jane", body.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_webhook_is_told_the_trace_of_its_delivery()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        var block = new { scope = "subject", value = "jane", duration = "4h", reason = "x" };
        string told;
        await using (var test = await Responding.StartAsync($"otlp:\n  endpoint: {otlp.Endpoint}\n  sampling: 1\n"))
        {
            await test.PostAsync("/api/v1/blocks", block, HttpStatusCode.Created);
            await test.NextAsync();
            told = Assert.Single(test.Traces);
        }

        var span = Assert.Single(otlp.Spans, span => span.Name == "deliver");
        Assert.Equal($"00-{span.Trace}-{span.Id}-01", told);
        Assert.Equal(("RiskEngine", "webhook-soc", "block", "delivered"), (span.Scope, span.Attributes["riskengine.responder"], span.Attributes["riskengine.kind"], span.Attributes["riskengine.outcome"]));
    }

    [Fact]
    public async Task The_delivery_of_a_block_links_to_the_trace_of_the_event_that_caused_it()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var otlp = await OtlpReceiver.StartAsync();
        await using (var test = await Responding.StartAsync($"    events: [blocks]\notlp:\n  endpoint: {otlp.Endpoint}\n  sampling: 1\n"))
        {
            using var spray = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson") };
            spray.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            using (await test.Admin.SendAsync(spray))
            {
            }

            await test.NextAsync();
        }

        var delivery = Assert.Single(otlp.Spans, span => span.Name == "deliver");
        Assert.Equal((Trace, ""), (Assert.Single(delivery.Links), delivery.Parent));
        Assert.Contains(otlp.Spans, span => span is { Name: "batch", Trace: Trace });
    }

    /// <summary>What is recorded by itself is nothing here: the callers' word alone counts.</summary>
    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task What_a_person_does_leads_to_its_deliveries_where_the_persons_trace_is_recorded(string flags, bool isRecorded)
    {
        string[] traces = [new('a', 32), new('b', 32), new('c', 32)];
        await using var otlp = await OtlpReceiver.StartAsync();
        await using (var test = await Responding.StartAsync($"    events: [blocks, releases, feedback]\notlp:\n  endpoint: {otlp.Endpoint}\n  sampling: 0\n"))
        {
            await test.PostAsync("/api/v1/events", SomeEvent.Login("e1"), HttpStatusCode.Accepted);
            Say(0);
            var block = await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
            await test.NextAsync();
            Say(1);
            await test.DeleteAsync($"/api/v1/blocks/{block.GetProperty("id")}");
            await test.NextAsync();
            Say(2);
            await test.PostAsync("/api/v1/feedback", new { event_id = "e1", label = "compromised" }, HttpStatusCode.NoContent);
            await test.NextAsync();

            void Say(int trace)
            {
                test.Admin.DefaultRequestHeaders.Remove("traceparent");
                test.Admin.DefaultRequestHeaders.Add("traceparent", $"00-{traces[trace]}-00f067aa0ba902b7-{flags}");
            }
        }

        var spans = otlp.Spans.Where(span => span.Name is not "batch" and not "publish").OrderBy(span => span.Start).ToList();
        Assert.Equal(isRecorded ? traces : [], spans.Where(span => span.Name == "deliver").Select(span => Assert.Single(span.Links)));
        var acts = spans.Where(span => span.Kind == 2).Select(span => (span.Name, span.Trace, span.Parent, span.Attributes["http.response.status_code"]));
        Assert.Equal(
            isRecorded
                ? [("POST /api/v1/blocks", traces[0], "00f067aa0ba902b7", "201"), ("DELETE /api/v1/blocks/{id}", traces[1], "00f067aa0ba902b7", "204"), ("POST /api/v1/feedback", traces[2], "00f067aa0ba902b7", "204")]
                : [],
            acts);
    }

    [Fact]
    public async Task A_repeated_guess_is_told_once_and_an_evaluation_never()
    {
        await using var test = await Responding.StartAsync();
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        await test.NextAsync();
        await test.PostAsync("/api/v1/evaluate", SomeEvent.Login("asked", subject: "jane"), HttpStatusCode.OK);
        await test.PostAsync("/api/v1/events", Enumerable.Range(0, 20).Select(i => SomeEvent.Login($"e{i}", "login_failed", subject: "jane")), HttpStatusCode.Accepted);
        await test.PostAsync("/api/v1/events", SomeEvent.Login("e1", "login_failed", subject: "jane"), HttpStatusCode.Accepted);
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "john", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        var types = new[] { await test.NextAsync(), await test.NextAsync() };

        // Twenty guesses lie in one window of ten minutes, or in two.
        if (types[1].GetProperty("type").GetString() == "decision") types = [types[0], await test.NextAsync()];
        Assert.Equal(["decision", "block"], types.Select(body => body.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Blocks_that_rules_make_are_told_with_the_event_that_caused_them()
    {
        await using var test = await Responding.StartAsync("    events: [blocks]\n");
        using (await test.Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson")))
        {
        }

        var block = await test.NextAsync();
        Assert.Equal(("203.0.113.9", "policy", false), (block.GetProperty("value").GetString(), block.GetProperty("origin").GetString(), block.GetProperty("enforced").GetBoolean()));
        Assert.StartsWith("spray-", block.GetProperty("event_id").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, block.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task What_nobody_takes_waits_is_seen_and_is_delivered_when_a_person_says_so()
    {
        await using var test = await Responding.StartAsync();
        test.Status = 422;
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        await test.NextAsync();
        var dead = await WaitAsync(test, "dead");
        Assert.Equal(("webhook-soc", "block", "rejected: it does not take this (422)"), (dead.GetProperty("responder").GetString(), dead.GetProperty("kind").GetString(), dead.GetProperty("last_failure").GetString()));
        Assert.DoesNotContain("jane", dead.GetRawText(), StringComparison.Ordinal);
        var metrics = await test.Admin.GetStringAsync("/metrics");
        Assert.Contains("riskengine_dead_letters_total{reason=\"rejected\",source=\"webhook-soc\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_responder_requests_total{outcome=\"rejected\",responder=\"webhook-soc\"} 1", metrics, StringComparison.Ordinal);

        test.Status = 200;
        var id = dead.GetProperty("id").GetInt64();
        using (var retried = await test.Admin.PostAsync($"/api/v1/outbox/{id}/retry", null)) Assert.Equal(HttpStatusCode.NoContent, retried.StatusCode);
        await test.NextAsync();
        await WaitUntilEmptyAsync(test);
        await test.DeleteAsync($"/api/v1/outbox/{id}", HttpStatusCode.NotFound);
        var audit = (await test.GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("outbox.retry", $"{id}"), (audit.GetProperty("what").GetString(), audit.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task What_is_owed_can_be_dropped_and_only_administrators_may()
    {
        await using var test = await Responding.StartAsync();
        test.Status = 503;
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        var waiting = await WaitAsync(test, "waiting");
        var made = await test.PostAsync("/api/v1/keys", new { name = "reader", scopes = new[] { "decisions:read" } }, HttpStatusCode.Created);
        using var reader = new HttpClient { BaseAddress = test.Admin.BaseAddress };
        reader.DefaultRequestHeaders.Authorization = new("Bearer", made.GetProperty("key").GetString());
        using (var refused = await reader.GetAsync("/api/v1/outbox")) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await test.DeleteAsync($"/api/v1/outbox/{waiting.GetProperty("id")}");
        await WaitUntilEmptyAsync(test);
        using (var wrong = await test.Admin.GetAsync("/api/v1/outbox?state=lost")) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using (var wrong = await test.Admin.GetAsync("/api/v1/outbox?cursor=x")) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task In_dry_run_nothing_is_sent_and_it_is_counted()
    {
        await using var test = await Responding.StartAsync("    dry_run: true\n");
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        await WaitUntilEmptyAsync(test);
        var metrics = await test.Admin.GetStringAsync("/metrics");
        Assert.Contains("riskengine_responder_requests_total{outcome=\"dry_run\",responder=\"webhook-soc\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_responder_requests_total{outcome=\"delivered\",responder=\"webhook-soc\"} 0", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_does_not_wait_for_a_target_that_hangs()
    {
        await using var test = await Responding.StartAsync("    window: 0s\n", isDurable: true);
        test.Status = 503;
        await test.PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "x" }, HttpStatusCode.Created);
        await test.NextAsync();
        var started = Stopwatch.GetTimestamp();
        await test.PostAsync("/api/v1/events", Enumerable.Range(0, 500).Select(i => SomeEvent.Login($"e{i}", "login_failed", subject: "jane")), HttpStatusCode.Accepted);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        var depth = (await test.Engine.Parts.Records.Outbox.DepthsAsync(CancellationToken.None)).Single();
        Assert.Equal(501, depth.Waiting);
    }

    private static async Task<JsonElement> WaitAsync(Responding test, string state)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var items = (await test.GetAsync($"/api/v1/outbox?state={state}&responder=webhook-soc")).GetProperty("items");
            if (items.GetArrayLength() > 0) return items[0];
            await Task.Delay(20, timeout.Token);
        }
    }

    private static async Task WaitUntilEmptyAsync(Responding test)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await test.GetAsync("/api/v1/outbox")).GetProperty("items").GetArrayLength() > 0) await Task.Delay(20, timeout.Token);
    }
}
