using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Telemetry;

public sealed class MetricPageTests(ITestOutputHelper output)
{
    private const int LargestScrape = 200_000;

    /// <summary><c>RISKENGINE_WRITE_PAGES=1</c> writes it.</summary>
    [Fact]
    public async Task The_page_of_metrics_says_what_the_program_says()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.PulseAsync();
        await program.PolledAsync();
        var page = MetricPage.Write(MetricPage.Read(await program.MetricsAsync()));
        var file = RepositoryRoot.Path("docs", "metrics.md");
        if (Environment.GetEnvironmentVariable("RISKENGINE_WRITE_PAGES") == "1") await File.WriteAllTextAsync(file, page);
        Assert.True(page == await File.ReadAllTextAsync(file), "docs/metrics.md is stale: RISKENGINE_WRITE_PAGES=1 dotnet test tests/RiskEngine.Host.Tests --filter MetricPageTests");
    }

    /// <summary>A source of every kind, a feed, a database, a responder, Loki and OTLP, after a little of everything that can happen.</summary>
    [PromtoolFact]
    public async Task Promtool_finds_nothing_wrong_with_what_the_whole_program_shows()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.PulseAsync();
        await program.PolledAsync();
        var metrics = await program.MetricsAsync();
        await Promtool.CheckMetricsAsync(metrics);
        output.WriteLine($"{metrics.Split('\n').Count(line => line.StartsWith("riskengine_", StringComparison.Ordinal))} lines of series, {System.Text.Encoding.UTF8.GetByteCount(metrics) / 1000.0:0} KB.");
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(metrics), 1, LargestScrape);
    }

    /// <summary>And with every login that makes a series of its own on top: the most that there can be.</summary>
    [Fact]
    public async Task All_of_the_whole_program_fits_into_200_kilobytes()
    {
        await using var program = await WholeProgram.StartAsync();
        await program.PulseAsync();
        await program.PolledAsync();
        await CardinalityTests.FillLoginsAsync(program.Client);
        var bytes = System.Text.Encoding.UTF8.GetByteCount(await program.MetricsAsync());
        output.WriteLine($"{bytes / 1000.0:0} KB.");
        Assert.InRange(bytes, LargestScrape / 2, LargestScrape);
    }

    [Fact]
    public void A_metric_without_a_series_is_told() =>
        Assert.Throws<InvalidOperationException>(() => MetricPage.Read("# HELP riskengine_x Words.\n# TYPE riskengine_x gauge\n"));

    [Theory]
    [InlineData("riskengine_x_total", "counter", "{source=\"http\"}", "sum by (source) (rate(riskengine_x_total[5m]))")]
    [InlineData("riskengine_x_seconds", "histogram", "", "histogram_quantile(0.99, sum by (le) (rate(riskengine_x_seconds_bucket[5m])))")]
    [InlineData("riskengine_x_timestamp_seconds", "gauge", "", "time() - max (riskengine_x_timestamp_seconds)")]
    [InlineData("riskengine_x_depth", "gauge", "{queue=\"judge\"}", "sum by (queue) (riskengine_x_depth)")]
    public void The_question_fits_the_kind(string name, string kind, string labels, string question)
    {
        var series = kind == "histogram" ? $"{name}_count" : name;
        Assert.Equal(question, Assert.Single(MetricPage.Read($"# HELP {name} Words.\n# TYPE {name} {kind}\n{series}{labels} 0\n")).Question);
    }
}
