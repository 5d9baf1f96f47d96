using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Telemetry.Otlp;
using RiskEngine.Host.Telemetry.Traces;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

/// <summary>A receiver that is down, slow or mad costs no login anything, and is counted and told.</summary>
public sealed class OtlpFaultTests
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(500, "server_error")]
    [InlineData(429, "throttled")]
    [InlineData(401, "unauthorized")]
    [InlineData(404, "not_found")]
    [InlineData(400, "rejected")]
    [InlineData(302, "redirected")]
    public async Task A_receiver_that_refuses_is_counted_by_reason(int status, string outcome)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await AssertCountedAsync(receiver.Pushed(), outcome);
    }

    [Fact]
    public async Task A_receiver_that_takes_part_of_it_is_counted()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = context => context.Response.Body.WriteAsync(new byte[] { 0x0A, 0x05, 0x08, 0x03, 0x12, 0x01, (byte)'x' }).AsTask();
        await AssertCountedAsync(receiver.Pushed(), "partial");
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_on()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = context => context.Response.Body.WriteAsync(new byte[1 << 20]).AsTask();
        await AssertCountedAsync(receiver.Pushed(), "too_large");
    }

    [Fact]
    public async Task A_receiver_that_hangs_up_is_counted()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await AssertCountedAsync(receiver.Pushed(), "broken");
    }

    [Fact]
    public async Task Nobody_there_is_counted()
    {
        TelemetrySettings settings;
        await using (var receiver = await OtlpReceiver.StartAsync()) settings = receiver.Pushed();
        await AssertCountedAsync(settings, "unreachable");
    }

    [Fact]
    public async Task A_file_of_headers_that_is_none_lets_nothing_out_and_is_not_quoted()
    {
        using var folder = new Serving.TemporaryFolder();
        using var lines = new RecordingLoggerFactory();
        await using var receiver = await OtlpReceiver.StartAsync();
        await AssertCountedAsync(receiver.Pushed(otlp => otlp with { HeadersFile = folder.Write("headers", "sesame\n") }), "refused", lines);
        Assert.Empty(receiver.Credentials);
        Assert.Contains(lines.Messages, message => message.Contains("otlp.headers_file, line 1", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Messages, message => message.Contains("sesame", StringComparison.Ordinal));
    }

    /// <summary>No login waits while it hangs, nor does the end of the process, and what is over is told.</summary>
    [Fact]
    public async Task A_receiver_that_hangs_stalls_nobody_and_is_told_once()
    {
        using var lines = new RecordingLoggerFactory();
        using var release = new SemaphoreSlim(0);
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = async context => await release.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await using var server = await RunningServer.StartAsync(telemetry: receiver.Pushed(otlp => otlp with { Timeout = TimeSpan.FromSeconds(1) }), loggers: lines);
        await Until.TrueAsync(async () =>
        {
            var start = Stopwatch.GetTimestamp();
            using (var answer = await server.Admin.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null)))) Assert.Equal(200, (int)answer.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, LongestAnswer);
            return await CountAsync(server, "metrics", "timed_out") >= 3;
        });
        Assert.Single(lines.Messages, message => message.Contains("does not take metrics: no answer within 1 seconds", StringComparison.Ordinal));

        receiver.Answer = _ => Task.CompletedTask;
        await Until.TrueAsync(() => lines.Messages.Any(message => message.Contains("takes metrics again", StringComparison.Ordinal)));

        receiver.Answer = async context => await release.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var end = Stopwatch.GetTimestamp();
        server.Parts.Telemetry.Dispose();
        Assert.InRange(Stopwatch.GetElapsedTime(end), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Spans_that_find_no_room_are_dropped_and_counted_to_the_last()
    {
        const int Capacity = 4096, Made = 6000;
        using var release = new SemaphoreSlim(0);
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = context => release.WaitAsync(context.RequestAborted);
        using var instruments = new InstrumentSet();
        using var spans = new Spans($"full {Guid.NewGuid()}");
        long full = 0;
        using var meter = new System.Diagnostics.Metrics.MeterListener();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, instruments.Meter)) listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "riskengine_spans_lost_total" && Equals(tags[0].Value, "queue_full")) Interlocked.Add(ref full, value);
        });
        meter.Start();
        var settings = receiver.Pushed(otlp => otlp with { Metrics = false, Timeout = TimeSpan.FromMinutes(1) }).Otlp;
        using (var push = new OtlpPush(settings, new OutboundRules(), spans, new OtlpWatch(instruments, settings, NullLogger.Instance), TimeProvider.System))
        {
            for (var made = 0; made < Made; made++) spans.Begin("x")!.Dispose();
            Assert.Equal(Made - Capacity, Interlocked.Read(ref full));
            receiver.Answer = _ => Task.CompletedTask;
            release.Release(Made);
        }

        await Until.TrueAsync(() => receiver.Spans.Count == Capacity);
    }

    private static async Task AssertCountedAsync(TelemetrySettings settings, string outcome, RecordingLoggerFactory? lines = null)
    {
        await using var server = await RunningServer.StartAsync(telemetry: settings, loggers: lines);
        using (var answer = await server.Admin.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null)))) Assert.Equal(200, (int)answer.StatusCode);
        await Until.TrueAsync(async () => await CountAsync(server, "metrics", outcome) > 0);
        await Until.TrueAsync(async () => await CountAsync(server, "traces", outcome) > 0);
        var text = await server.Admin.GetStringAsync("/metrics");
        Assert.Contains($"riskengine_otlp_requests_total{{outcome=\"delivered\",signal=\"traces\"}} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("riskengine_spans_lost_total{reason=\"not_taken\"} 0\n", text, StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(RunningServer server, string signal, string outcome)
    {
        var name = $"riskengine_otlp_requests_total{{outcome=\"{outcome}\",signal=\"{signal}\"}} ";
        var line = (await server.Admin.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
