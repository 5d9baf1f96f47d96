using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Telemetry;

/// <summary>Scraping while events stream in as fast as they are taken: every scrape is whole, and every event that was taken is counted.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> scrapes once a second for a minute in place of ten times in a row; what a scrape takes is printed and not asserted.</remarks>
public sealed class ScrapeUnderLoadTests(ITestOutputHelper output) : ApiTests
{
    private const int Posters = 4, Chunk = 1000;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    [Fact]
    public async Task Every_scrape_is_whole_and_every_event_is_taken()
    {
        await CardinalityTests.FillLoginsAsync(Admin);
        using var stop = new CancellationTokenSource();
        var (sent, bytes) = (new int[Posters], 0);
        var posters = Enumerable.Range(0, Posters).Select(poster => PostAsync(poster, sent, stop.Token)).ToArray();
        List<double> milliseconds = [], itself = [];
        var started = Stopwatch.GetTimestamp();
        for (var scrape = 0; scrape < (IsLong ? 60 : 10); scrape++)
        {
            var at = Stopwatch.GetTimestamp();
            var text = await Admin.GetStringAsync("/metrics");
            milliseconds.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            at = Stopwatch.GetTimestamp();
            Server.Parts.Telemetry.ScrapeBytes(openMetrics: true).Dispose();
            itself.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            Assert.Contains("riskengine_events_total{kind=\"login_failed\",source=\"http\"}", text, StringComparison.Ordinal);
            bytes = Math.Max(bytes, Encoding.UTF8.GetByteCount(text));
            if (IsLong) await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await stop.CancelAsync();
        await Task.WhenAll(posters).WaitAsync(TimeSpan.FromMinutes(2));
        var rate = sent.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
        milliseconds.Sort();
        itself.Sort();
        output.WriteLine($"{milliseconds.Count} scrapes of at most {bytes} bytes while {rate:0} events/s were taken: median {milliseconds[milliseconds.Count / 2]:0.0} ms, 99 of 100 within {milliseconds[(milliseconds.Count * 99) / 100]:0.0} ms; without the way there and back half within {itself[itself.Count / 2]:0.0} ms.");
        Assert.All(sent, one => Assert.True(one > 0));
        Assert.InRange(bytes, 1, 200_000);
        Assert.Contains($"riskengine_events_total{{kind=\"login_attempt\",source=\"http\"}} {(31 * 31) + sent.Sum()}\n", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task PostAsync(int poster, int[] sent, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var lines = new StringBuilder();
            for (var i = 0; i < Chunk; i++)
            {
                var number = sent[poster] + i;
                lines.Append(JsonSerializer.Serialize(SomeEvent.Login($"p{poster}-{number}", "login_attempt", $"11.{poster}.{number >> 8 & 255}.{number & 255}", $"{poster}-{number % 5000}"))).Append('\n');
            }

            using var answer = await Admin.PostAsync("/api/v1/events", Json.Text(lines.ToString(), "application/x-ndjson"), CancellationToken.None);
            // Told to come again later: nothing of it was taken.
            if ((int)answer.StatusCode is 429 or 503) continue;
            Assert.Equal(202, (int)answer.StatusCode);
            sent[poster] += Chunk;
        }
    }
}
