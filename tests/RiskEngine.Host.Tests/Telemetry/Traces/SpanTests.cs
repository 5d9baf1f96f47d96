using System.Text;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Telemetry.Otlp;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Telemetry.Traces;

/// <summary>The spans of requests and batches, as a receiver is told of them.</summary>
public sealed class SpanTests
{
    private const int Server = 2, Error = 2;
    private const string CallersTrace = "4bf92f3577b34da6a3ce929d0e0e4736", CallersSpan = "00f067aa0ba902b7";

    private static readonly string[] Stages = ["enrich", "load", "judge", "commit", "publish"];

    [Fact]
    public async Task From_the_callers_span_to_every_stage_of_the_batch_it_is_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Sampling = 0 })))
        {
            await SendAsync(server, "/api/v1/events", SomeEvent.Login("t1"), $"00-{CallersTrace}-{CallersSpan}-01");
        }

        var spans = receiver.Spans.Where(span => span.Trace == CallersTrace).ToDictionary(span => span.Name);
        var (request, batch) = (spans["POST /api/v1/events"], spans["batch"]);
        Assert.Equal((CallersSpan, Server, "202"), (request.Parent, request.Kind, request.Attributes["http.response.status_code"]));
        Assert.Equal((request.Id, request.Id, "1"), (spans["parse"].Parent, batch.Parent, batch.Attributes["riskengine.events"]));
        Assert.Equal(("riskengine", "here"), (request.Resource["service.name"], request.Resource["service.instance.id"]));
        var at = batch.Start;
        foreach (var stage in Stages.Select(name => spans[name]))
        {
            Assert.Equal(batch.Id, stage.Parent);
            Assert.InRange(stage.Start, at, stage.End);
            Assert.InRange(stage.End, stage.Start, batch.End);
            at = stage.Start;
        }

        Assert.Equal(3 + Stages.Length, spans.Count);
    }

    [Fact]
    public async Task An_evaluation_is_one_span_that_says_what_was_decided()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed()))
        {
            await SendAsync(server, "/api/v1/evaluate", SomeEvent.Login(null), null);
            await SendAsync(server, "/api/v1/evaluate", new { kind = "login" }, null, 400);
        }

        var spans = receiver.Spans.Where(span => span.Name == "POST /api/v1/evaluate").ToList();
        Assert.Equal(["ok", "invalid"], spans.Select(span => span.Attributes["riskengine.outcome"]));
        Assert.Equal(("allow", "none", "", 0), (spans[0].Attributes["riskengine.decision"], spans[0].Attributes["riskengine.risk_level"], spans[0].Parent, spans[0].Status));
        Assert.NotEqual(spans[0].Trace, spans[1].Trace);
    }

    [Fact]
    public async Task No_span_says_who_from_where_or_with_what()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed()))
        {
            await SendAsync(server, "/api/v1/events", SomeEvent.Login("secret-id", subject: "person-77"), null);
            await SendAsync(server, "/api/v1/evaluate", SomeEvent.Login("secret-id", subject: "person-77"), null);
            using (await server.Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson")))
            {
            }
        }

        Assert.NotEmpty(receiver.Spans);
        string[] secrets = ["person-77", "81.2.69.160", "203.0.113.9", "Firefox", "Mozilla", "secret-id"];
        Assert.All(receiver.Spans.SelectMany(span => span.Attributes.Values.Append(span.Name)), said => Assert.DoesNotContain(secrets, secret => said.Contains(secret, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.0, null, false)]
    [InlineData(0.0, "01", true)]
    [InlineData(1.0, null, true)]
    [InlineData(1.0, "00", false)]
    public async Task The_caller_decides_what_is_recorded_and_else_the_setting(double sampling, string? flags, bool isRecorded)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Sampling = sampling })))
        {
            await SendAsync(server, "/api/v1/evaluate", SomeEvent.Login(null), flags is null ? null : $"00-{CallersTrace}-{CallersSpan}-{flags}");
        }

        Assert.Equal(isRecorded, receiver.Spans.Any(span => span.Name == "POST /api/v1/evaluate"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    public async Task A_trace_that_is_none_is_as_if_none_were_sent(string header)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed()))
        {
            await SendAsync(server, "/api/v1/evaluate", SomeEvent.Login(null), header);
        }

        Assert.Equal("", Assert.Single(receiver.Spans).Parent);
    }

    /// <summary>What cannot be stored never becomes a batch; the span of the request tells of it.</summary>
    [Fact]
    public async Task A_request_that_fails_is_an_error()
    {
        await using var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var store = new FailingStore(memory);
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(store, memory, telemetry: receiver.Pushed()))
        {
            store.FailNextCommits(10);
            await SendAsync(server, "/api/v1/events", SomeEvent.Login("lost"), null, 503);
        }

        Assert.Equal(Error, Assert.Single(receiver.Spans, span => span.Name == "POST /api/v1/events").Status);
        Assert.DoesNotContain(receiver.Spans, span => span.Name == "batch");
    }

    [Fact]
    public async Task What_is_judged_together_belongs_to_the_first_trace_and_links_to_the_others()
    {
        await using var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var store = new FailingStore(memory);
        await using var receiver = await OtlpReceiver.StartAsync();
        string[] traces = [new('a', 32), new('b', 32), new('c', 32)];
        await using (var server = await RunningServer.StartAsync(store, memory, pipeline: new PipelineSettings { BatchesInFlight = 1 }, telemetry: receiver.Pushed()))
        {
            store.Hold();
            List<Task> sent = [SendAsync(server, "/api/v1/events", SomeEvent.Login(traces[0]), $"00-{traces[0]}-{CallersSpan}-01")];
            await store.Held;
            // The loop has taken none of these: the one before it is not durable.
            foreach (var trace in traces[1..])
            {
                sent.Add(SendAsync(server, "/api/v1/events", SomeEvent.Login(trace), $"00-{trace}-{CallersSpan}-01"));
                await Until.TrueAsync(() => server.Parts.Judge.QueueDepth == sent.Count - 1);
            }

            store.Release();
            await Task.WhenAll(sent);
        }

        var batches = receiver.Spans.Where(span => span.Name == "batch").ToList();
        Assert.Equal([traces[0], traces[1]], batches.Select(batch => batch.Trace));
        Assert.Empty(batches[0].Links);
        Assert.Equal([traces[2]], batches[1].Links);
        Assert.Equal("2", batches[1].Attributes["riskengine.submissions"]);
    }

    [Fact]
    public async Task Lines_of_the_log_name_the_trace_of_the_batch_they_are_about()
    {
        using var output = new MemoryStream();
        await using var receiver = await OtlpReceiver.StartAsync();
        using (var loggers = new JsonLogging(new LogSettings(), output))
        {
            await using var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(), loggers: loggers);
            using var spray = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson") };
            spray.Headers.Add("traceparent", $"00-{CallersTrace}-{CallersSpan}-01");
            using (await server.Admin.SendAsync(spray))
            {
            }
        }

        var publish = Assert.Single(receiver.Spans, span => span is { Name: "publish", Trace: CallersTrace });
        var decisions = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.GetProperty("source").GetString() == "DecisionLog").ToList();
        Assert.NotEmpty(decisions);
        Assert.All(decisions, line => Assert.Equal((CallersTrace, publish.Id), (line.GetProperty("trace_id").GetString(), line.GetProperty("span_id").GetString())));
    }

    private static async Task SendAsync(RunningServer server, string path, object body, string? traceparent, int? expected = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json.Body(body) };
        if (traceparent is not null) request.Headers.TryAddWithoutValidation("traceparent", traceparent);
        using var answer = await server.Admin.SendAsync(request);
        if (expected is { } status) Assert.Equal(status, (int)answer.StatusCode);
        else Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
