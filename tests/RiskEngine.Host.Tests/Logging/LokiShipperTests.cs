using Microsoft.AspNetCore.Http;
using RiskEngine.Configuration;
using RiskEngine.Host.Logging.Loki;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>What arrives at Loki, and how.</summary>
public sealed class LokiShipperTests
{
    [Fact]
    public async Task A_batch_goes_when_its_first_line_has_waited_for_the_period_and_not_before()
    {
        await using var shipping = await Shipping.StartAsync();
        shipping.Add(0, 3);
        Assert.Equal(TimeSpan.FromSeconds(2), await shipping.TurnAsync());
        Assert.Equal(0, shipping.Loki.Requests);
        shipping.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, await shipping.TurnAsync());
        Assert.Equal([0, 1, 2], shipping.Numbers());
        Assert.Equal((0, 0L), (shipping.Shipper.Queue.Count, shipping.Shipper.Queue.Bytes));
    }

    [Fact]
    public async Task A_full_batch_goes_at_once_and_holds_no_more_than_the_limit()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { BatchPostingLimit = 10 });
        shipping.Add(0, 25);
        await shipping.SendAllAsync();
        Assert.Equal([10, 10, 5], shipping.Loki.Sizes);
        Assert.Equal(Enumerable.Range(0, 25), shipping.Numbers());
    }

    [Fact]
    public async Task A_batch_holds_no_more_than_a_mebibyte_of_lines()
    {
        await using var shipping = await Shipping.StartAsync();
        for (var i = 0; i < 40; i++) shipping.Shipper.Add(shipping.Entry(LokiStreams.App, $"{{\"number\":{i},\"text\":\"{new string('x', 60_000)}\"}}"));
        await shipping.SendAllAsync();
        Assert.Equal([17, 17, 6], shipping.Loki.Sizes);
        Assert.Equal(Enumerable.Range(0, 40), shipping.Numbers());
    }

    [Fact]
    public async Task Labels_are_few_and_static_and_the_rest_is_metadata()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { Env = "test", Labels = new Dictionary<string, string> { ["instance"] = "a" } });
        shipping.Add(0, 1);
        shipping.Add(0, 1, LokiStreams.Audit);
        shipping.Add(0, 1, LokiStreams.Assessment);
        await shipping.SendAllAsync();
        Assert.Equal(["app", "assessment", "audit"], shipping.Loki.Taken.Select(line => line.Stream).Order(StringComparer.Ordinal));
        Assert.All(shipping.Loki.Taken, line => Assert.Equal(
            new Dictionary<string, string> { ["app"] = "riskengine", ["env"] = "test", ["instance"] = "a", ["level"] = "info", ["stream"] = line.Stream }, line.Labels));
        Assert.All(shipping.Loki.Taken, line => Assert.Equal("Test", line.Metadata["source"]));
        Assert.Equal((1L, 1L, 1L), (shipping.Meter.Sent(0), shipping.Meter.Sent(1), shipping.Meter.Sent(2)));
    }

    [Fact]
    public async Task A_property_is_a_label_only_where_the_configuration_says_so()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { PropertiesAsLabels = [LokiProperty.Source, LokiProperty.RiskLevel] });
        shipping.Add(0, 1);
        shipping.Add(0, 1, LokiStreams.Assessment);
        await shipping.SendAllAsync();
        Assert.Equal("Test", shipping.Loki.Of("app").Single().Labels["source"]);
        var assessment = shipping.Loki.Of("assessment").Single().Labels;
        Assert.Equal("high", assessment["risk_level"]);
        Assert.DoesNotContain("decision", assessment);
    }

    [Fact]
    public void Sources_that_never_end_make_streams_that_do()
    {
        var labels = new LokiLabelSet(new LokiSettings { PropertiesAsLabels = [LokiProperty.Source] });
        Assert.InRange(Enumerable.Range(0, 5000).Select(i => labels.OfApp("info", $"Source{i}")).Distinct().Count(), 200, 201);
    }

    [Fact]
    public async Task Lines_of_one_instant_stay_apart_and_in_order()
    {
        await using var shipping = await Shipping.StartAsync();
        for (var i = 0; i < 3; i++) shipping.Shipper.Add(shipping.Entry(LokiStreams.App, "{\"number\":7}"));
        await shipping.SendAllAsync();
        Assert.Equal([7, 7, 7], shipping.Numbers());
    }

    [Theory]
    [InlineData("acme", null)]
    [InlineData(null, "Bearer a-token")]
    [InlineData("acme", "Basic cmlzazplbmdpbmU=")]
    [InlineData(null, null)]
    public async Task Tenant_and_credential_go_along(string? tenant, string? authorization)
    {
        await using var shipping = await Shipping.StartAsync(target: target => target with { Tenant = tenant, ReadAuthorization = () => authorization ?? "" });
        (shipping.Loki.Tenant, shipping.Loki.Authorization) = (tenant, authorization);
        var seen = "";
        shipping.Loki.Instead = context =>
        {
            seen = $"{context.Request.ContentType} {context.Request.Headers.ContentEncoding} {context.Request.Headers["X-Scope-OrgID"]} {context.Request.Headers.Authorization}";
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        };
        shipping.Add(0, 1);
        await shipping.SendAllAsync();
        Assert.Equal($"application/json gzip {tenant} {authorization}", seen);
        shipping.Loki.Instead = null;
        shipping.Add(1, 1);
        await shipping.SendAllAsync();
        Assert.Equal([1], shipping.Numbers());
    }

    [Fact]
    public async Task A_loki_that_takes_no_metadata_gets_none_where_the_configuration_says_so()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { StructuredMetadata = false });
        shipping.Loki.TakesMetadata = false;
        var sink = new LokiSink(shipping.Shipper);
        sink.Emit(new Serilog.Events.LogEvent(shipping.Clock.GetUtcNow(), Serilog.Events.LogEventLevel.Warning, null, new Serilog.Parsing.MessageTemplateParser().Parse("Hello"), []));
        await shipping.SendAllAsync();
        var line = shipping.Loki.Taken.Single();
        Assert.Equal(("warn", "Hello"), (line.Labels["level"], line.Json.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_cut_stays_json_and_says_so()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { LineBytes = 4096 });
        var template = new Serilog.Parsing.MessageTemplateParser().Parse("{Text}");
        new LokiSink(shipping.Shipper).Emit(new Serilog.Events.LogEvent(
            shipping.Clock.GetUtcNow(), Serilog.Events.LogEventLevel.Information, new InvalidOperationException(new string('\u0001', 50_000)), template,
            [new Serilog.Events.LogEventProperty("Text", new Serilog.Events.ScalarValue(new string('\u0001', 50_000)))]));
        await shipping.SendAllAsync();
        var line = shipping.Loki.Taken.Single();
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(line.Line), 500, 4096);
        Assert.True(line.Json.GetProperty("cut").GetBoolean());
    }
}
