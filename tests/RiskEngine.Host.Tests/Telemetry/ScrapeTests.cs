using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry.Otlp;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Telemetry;

/// <summary>What a scrape costs, and what a real Prometheus makes of it.</summary>
public sealed class ScrapeTests(ITestOutputHelper output) : ApiTests
{
    private const int LargestScrape = 200_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text; version=1.0.0")]
    public async Task Who_accepts_gzip_gets_the_same_text_compressed(string accept)
    {
        var plain = await ScrapeAsync(accept, null);
        var packed = await ScrapeAsync(accept, "gzip");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Equal(plain.Content.Headers.ContentType, packed.Content.Headers.ContentType);
        Assert.Equal(["Accept", "Accept-Encoding"], packed.Headers.Vary);

        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        // Ages go on between the two.
        Assert.Equal(WithoutValues(await plain.Content.ReadAsStringAsync()), WithoutValues(await reader.ReadToEndAsync()));
    }

    /// <summary>Everything that there can be of one instance: every application, method and outcome, which no fleet has.</summary>
    [Fact]
    public async Task Everything_fits_into_200_kilobytes()
    {
        Measure("as it starts");
        await CardinalityTests.FillLoginsAsync(Admin);
        var text = Measure("with every series that logins can make");
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, LargestScrape);
        for (var i = 0; i < 100_000; i++) Server.Parts.State.Blocks.Put(SomeBlock(i), (UInt128)(uint)i);
        Measure("with a hundred thousand blocks");
    }

    /// <summary>No scrape waits for more blocks to be counted than a few thousand: beyond, the number is a little old.</summary>
    [Theory]
    [InlineData(BlockCounts.MostAtOnce, true)]
    [InlineData(BlockCounts.MostAtOnce + 1, false)]
    public void Few_blocks_are_counted_at_once_and_many_in_the_background(int blocks, bool isAtOnce)
    {
        var table = new BlockTable();
        var counts = new BlockCounts(table, TimeProvider.System);
        for (var i = 0; i < blocks; i++) table.Put(SomeBlock(i), (UInt128)(uint)i);
        Assert.Equal(blocks, Count(counts.Read()));
        table.Put(SomeBlock(blocks) with { Enforced = false }, 0);
        Assert.Equal(isAtOnce ? blocks - 1 : blocks, Count(counts.Read()));
        counts.Recount();
        Assert.Equal(blocks - 1, Count(counts.Read()));

        static int Count(int[,] counts) => counts[(int)BlockScope.Ip, (int)BlockOrigin.Person];
    }

    /// <summary>One that was known beforehand and one that was measured may have their labels in another order, and are the same.</summary>
    [Fact]
    public async Task No_series_is_written_twice()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("twice"), 202);
        await PostAsync("/api/v1/evaluate", SomeEvent.Login(null), 200);
        var series =
            from line in (await Admin.GetStringAsync("/metrics")).Split('\n')
            where line.Contains('{')
            select string.Join(',', line[..line.IndexOf('}', StringComparison.Ordinal)].Split('{', ',').Order(StringComparer.Ordinal));
        Assert.Equal([], series.GroupBy(one => one).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [LinuxFact("prometheus")]
    public async Task A_real_prometheus_leads_from_a_slow_question_to_its_trace()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var folder = new TemporaryFolder();
        var address = new Uri(Server.App.Urls.First()).Authority;
        var begin = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        await using var prometheus = await RealPrometheus.StartAsync(
            folder.FullName, $"{{ global: {{ scrape_interval: 1s }}, scrape_configs: [{{ job_name: riskengine, static_configs: [{{ targets: ['{address}'] }}] }}] }}", "--enable-feature=exemplar-storage");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var question = new HttpRequestMessage(HttpMethod.Post, "/api/v1/evaluate") { Content = Json.Body(SomeEvent.Login(null)) };
            question.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            using (await Admin.SendAsync(question, patience.Token))
            {
            }

            var found = await prometheus.ExemplarsAsync("riskengine_evaluate_duration_seconds_bucket", begin, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
            if (found.EnumerateArray().FirstOrDefault() is { ValueKind: System.Text.Json.JsonValueKind.Object } series)
            {
                output.WriteLine(series.ToString());
                Assert.Equal("ok", series.GetProperty("seriesLabels").GetProperty("outcome").GetString());
                Assert.All(series.GetProperty("exemplars").EnumerateArray(), exemplar => Assert.Equal(Trace, exemplar.GetProperty("labels").GetProperty("trace_id").GetString()));
                return;
            }

            await Task.Delay(500, patience.Token);
        }
    }

    [LinuxFact("prometheus")]
    public async Task A_real_prometheus_reads_whatever_a_source_calls_its_applications()
    {
        const string Odd = "a\"b\\c\nd\r\u2028} 7 # {e";
        var login = SomeEvent.Login("odd");
        login["application"] = Odd;
        await PostAsync("/api/v1/events", login, 202);
        using var folder = new TemporaryFolder();
        var address = new Uri(Server.App.Urls.First()).Authority;
        await using var prometheus = await RealPrometheus.StartAsync(
            folder.FullName, $"{{ global: {{ scrape_interval: 1s }}, scrape_configs: [{{ job_name: riskengine, static_configs: [{{ targets: ['{address}'] }}] }}] }}");
        var found = default(System.Text.Json.JsonElement);
        await Until.TrueAsync(async () => (found = (await prometheus.QueryAsync("riskengine_logins_total{application!=\"none\",outcome=\"success\"} > 0")).GetProperty("result")).GetArrayLength() > 0);
        Assert.Equal((Odd, "1"), (found[0].GetProperty("metric").GetProperty("application").GetString(), found[0].GetProperty("value")[1].GetString()));
    }

    private static Block SomeBlock(int number) => new()
    {
        Id = number, Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "why", Origin = BlockOrigin.Person, Enforced = true, CreatedAt = EventTime.From(TimeProvider.System.GetUtcNow()), Owner = "admin",
    };

    private string Measure(string when)
    {
        // What runs for the first time runs slowly.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;) Server.Parts.Telemetry.ScrapeBytes(openMetrics: true).Dispose();
        var times = new List<TimeSpan>();
        var collections = GC.CollectionCount(2);
        for (var scrape = 0; scrape < 200; scrape++)
        {
            var start = Stopwatch.GetTimestamp();
            using (Server.Parts.Telemetry.ScrapeBytes(openMetrics: true)) times.Add(Stopwatch.GetElapsedTime(start));
        }

        var text = Server.Parts.Telemetry.Scrape(openMetrics: true);

        collections = GC.CollectionCount(2) - collections;
        times.Sort();
        output.WriteLine(
            $"A scrape {when}: {text.Split('\n').Count(line => line.StartsWith("riskengine_", StringComparison.Ordinal))} lines of series, {Encoding.UTF8.GetByteCount(text) / 1000.0:0} KB, "
            + $"at best {times[0].TotalMilliseconds:0.00} ms, half within {times[100].TotalMilliseconds:0.00} ms, 99 of 100 within {times[198].TotalMilliseconds:0.00} ms, {collections} full collections in {times.Count}; gzip {Packed(text) / 1000.0:0} KB.");
        return text;
    }

    private static long Packed(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return buffer.Length;
    }

    private async Task<HttpResponseMessage> ScrapeAsync(string accept, string? encoding)
    {
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        scrape.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (encoding is not null) scrape.Headers.AcceptEncoding.ParseAdd(encoding);
        return await Server.Nobody.SendAsync(scrape);
    }

    private static string WithoutValues(string text) => string.Join('\n', text.Split('\n').Select(line => line.Contains('{') ? line[..(line.IndexOf('}', StringComparison.Ordinal) + 1)] : line.Split(' ')[0]));
}
