using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using RiskEngine.Configuration;
using RiskEngine.Host.Logging.Loki;
using RiskEngine.Outbound;
using RiskEngine.Responders;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>A Loki that is away, slow, full or mistaken for another: what is lost is bounded and counted, and nobody waits.</summary>
public sealed class LokiFaultTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_hour_without_loki_costs_what_does_not_fit_and_nothing_else()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { QueueLimit = 500, BatchPostingLimit = 100 });
        shipping.Loki.Instead = Answer(503);
        var until = shipping.Clock.GetUtcNow() + Hour;
        var (added, requests) = (0, 0);
        while (shipping.Clock.GetUtcNow() < until)
        {
            shipping.Add(added, 10);
            added += 10;
            var wait = await shipping.TurnAsync();
            requests = shipping.Loki.Requests;
            shipping.Clock.Advance(wait > TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(10) : wait + TimeSpan.FromMilliseconds(1));
        }

        Assert.True(added > 3000);
        Assert.InRange(requests, 60, 400);
        Assert.Equal(added - 500, shipping.Meter.Lost(LokiLoss.Full));
        Assert.Equal(requests, shipping.Meter.Requests(Outcome(DeliveryReasons.ServerError)));
        Assert.Equal(500, shipping.Shipper.Queue.Count);

        shipping.Loki.Instead = null;
        shipping.Clock.Advance(TimeSpan.FromMinutes(1));
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 500), shipping.Numbers());
        Assert.Equal(added - 500, shipping.Meter.AllLost);
        shipping.Add(added, 1);
        await shipping.SendAllAsync();
        Assert.Equal(added, shipping.Numbers().Last());
    }

    [Theory]
    [InlineData(500, DeliveryReasons.ServerError)]
    [InlineData(429, DeliveryReasons.Throttled)]
    [InlineData(401, DeliveryReasons.Unauthorized)]
    [InlineData(403, DeliveryReasons.Forbidden)]
    [InlineData(404, DeliveryReasons.NotFound)]
    [InlineData(302, DeliveryReasons.Redirected)]
    public async Task What_may_pass_or_be_mended_loses_nothing_and_keeps_the_order(int status, string outcome)
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { BatchPostingLimit = 10 });
        shipping.Loki.Instead = Answer(status);
        shipping.Add(0, 30);
        Assert.InRange(await shipping.TurnAsync(), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, shipping.Meter.Requests(Outcome(outcome)));
        shipping.Loki.Instead = null;
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 30), shipping.Numbers());
        Assert.Equal(0, shipping.Meter.AllLost);
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_time_that_loki_asks_for()
    {
        await using var shipping = await Shipping.StartAsync();
        shipping.Loki.Instead = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "90";
            return Task.CompletedTask;
        };
        shipping.Add(0, 2000);
        Assert.Equal(TimeSpan.FromSeconds(90), await shipping.TurnAsync());
        shipping.Loki.Instead = null;
        shipping.Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(TimeSpan.FromSeconds(1), await shipping.TurnAsync());
        Assert.Equal(1, shipping.Loki.Requests);
        shipping.Clock.Advance(TimeSpan.FromSeconds(1));
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 2000), shipping.Numbers());
    }

    [Fact]
    public async Task More_than_loki_takes_in_a_second_arrives_later_in_order_and_nothing_is_lost()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { BatchPostingLimit = 100 });
        const int Rate = 5000;
        shipping.Loki.BytesPerSecond = Rate;
        shipping.Add(0, 2000);
        var started = shipping.Clock.GetUtcNow();
        while (shipping.Shipper.Queue.Count > 0) shipping.Clock.Advance(await shipping.TurnAsync());
        Assert.Equal(Enumerable.Range(0, 2000), shipping.Numbers());
        Assert.Equal(0, shipping.Meter.AllLost);
        Assert.InRange(shipping.Meter.Requests(Outcome(DeliveryReasons.Throttled)), 5, 60);
        // A second's worth is taken at once; what back-off costs comes on top of the rest.
        var least = (shipping.Loki.Taken.Sum(line => line.Line.Length) / (double)Rate) - 1;
        Assert.InRange((shipping.Clock.GetUtcNow() - started).TotalSeconds, least - 0.001, least + 60);
    }

    /// <summary>Lines of the program follow each other whatever the clock says; records of the audit keep the time they have.</summary>
    [Fact]
    public async Task A_record_that_is_too_far_behind_the_others_is_dropped_alone()
    {
        await using var shipping = await Shipping.StartAsync();
        shipping.Add(0, 100, LokiStreams.Audit);
        await shipping.SendAllAsync();
        shipping.Add(100, 50, LokiStreams.Audit);
        var late = shipping.Entry(LokiStreams.Audit, "{\"number\":-1}");
        shipping.Shipper.Add(late with { Nanoseconds = late.Nanoseconds - (long)TimeSpan.FromHours(2).TotalNanoseconds });
        shipping.Add(150, 50, LokiStreams.Audit);
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 200), shipping.Numbers("audit").Order());
        Assert.Equal((1L, 1L), (shipping.Meter.Lost(LokiLoss.Rejected), shipping.Meter.AllLost));
    }

    [Theory]
    [InlineData(false, DeliveryReasons.TimedOut)]
    [InlineData(true, DeliveryReasons.Broken)]
    public async Task A_loki_that_hangs_or_hangs_up_is_asked_again(bool resets, string outcome)
    {
        await using var shipping = await Shipping.StartAsync(target: target => target with { Outbound = new OutboundTarget { Timeout = TimeSpan.FromMilliseconds(300) } });
        shipping.Loki.Instead = async context =>
        {
            if (resets) context.Abort();
            else await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        shipping.Add(0, 1000);
        await shipping.TurnAsync();
        Assert.Equal(1, shipping.Meter.Requests(Outcome(outcome)));
        shipping.Loki.Instead = null;
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 1000), shipping.Numbers());
    }

    [Fact]
    public async Task One_bad_line_is_dropped_alone()
    {
        await using var shipping = await Shipping.StartAsync();
        shipping.Loki.Forbidden = "\"number\":613}";
        shipping.Add(0, 1000);
        await shipping.SendAllAsync();
        Assert.Equal(Enumerable.Range(0, 1000).Where(i => i != 613), shipping.Numbers());
        Assert.Equal((1L, 1L), (shipping.Meter.Lost(LokiLoss.Rejected), shipping.Meter.AllLost));
        Assert.InRange(shipping.Loki.Requests, 2, 22);
        Assert.Equal(0, shipping.Shipper.Queue.Bytes);
    }

    [Fact]
    public async Task A_batch_that_is_bad_throughout_is_dropped_after_a_bounded_number_of_requests()
    {
        await using var shipping = await Shipping.StartAsync();
        shipping.Loki.TakesMetadata = false;
        shipping.Add(0, 1000);
        await shipping.SendAllAsync();
        Assert.Empty(shipping.Loki.Taken);
        Assert.Equal(1000, shipping.Meter.Lost(LokiLoss.Rejected));
        Assert.InRange(shipping.Loki.Requests, 2, 2 * LokiShipper.MostRefusals);
        Assert.Equal((0, 0L), (shipping.Shipper.Queue.Count, shipping.Shipper.Queue.Bytes));
    }

    [Fact]
    public async Task The_wrong_tenant_holds_lines_up_and_says_so_and_loses_none()
    {
        await using var shipping = await Shipping.StartAsync(target: target => target with { Tenant = "other" });
        shipping.Loki.Tenant = "acme";
        shipping.Add(0, 5);
        await shipping.SendAllAsync();
        Assert.Equal(1, shipping.Meter.Requests(Outcome(DeliveryReasons.Forbidden)));
        Assert.Equal((5, 0L), (shipping.Shipper.Queue.Count, shipping.Meter.AllLost));
        shipping.Loki.Tenant = "other";
        await shipping.SendAllAsync();
        Assert.Equal([0, 1, 2, 3, 4], shipping.Numbers());
    }

    [Fact]
    public async Task A_credential_that_cannot_be_read_sends_nothing_and_a_new_one_counts_at_once()
    {
        string? secret = null;
        await using var shipping = await Shipping.StartAsync(target: target => target with { ReadAuthorization = () => secret });
        shipping.Loki.Authorization = "Bearer new";
        shipping.Add(0, 5);
        await shipping.SendAllAsync();
        Assert.Equal((0, 1L), (shipping.Loki.Requests, shipping.Meter.Requests(Outcome(DeliveryReasons.NoSecret))));
        secret = "Bearer new";
        await shipping.SendAllAsync();
        Assert.Equal([0, 1, 2, 3, 4], shipping.Numbers());
    }

    [Fact]
    public async Task A_line_that_is_too_old_is_given_up_and_counted()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { GiveUpAfter = TimeSpan.FromMinutes(5) });
        shipping.Loki.Instead = Answer(500);
        shipping.Add(0, 3);
        await shipping.SendAllAsync();
        shipping.Clock.Advance(TimeSpan.FromMinutes(4));
        shipping.Add(3, 3);
        await shipping.TurnAsync();
        shipping.Clock.Advance(TimeSpan.FromMinutes(2));
        shipping.Loki.Instead = null;
        await shipping.SendAllAsync();
        Assert.Equal([3, 4, 5], shipping.Numbers());
        Assert.Equal((3L, 3L), (shipping.Meter.Lost(LokiLoss.Expired), shipping.Meter.AllLost));
    }

    [Fact]
    public async Task Memory_is_bounded_and_assessments_leave_room_for_the_rest()
    {
        await using var shipping = await Shipping.StartAsync(new LokiSettings { QueueBytes = 1 << 20, QueueLimit = 1_000_000 });
        var line = new string('x', 1000);
        for (var i = 0; i < 5000; i++) shipping.Shipper.Add(shipping.Entry(LokiStreams.Assessment, line));
        Assert.InRange(shipping.Shipper.Queue.Bytes, 700_000, 786_432);
        for (var i = 0; i < 5000; i++) shipping.Shipper.Add(shipping.Entry(LokiStreams.App, line));
        Assert.InRange(shipping.Shipper.Queue.Bytes, 1_000_000, 1 << 20);
        Assert.Equal(10_000, shipping.Meter.Lost(LokiLoss.Full) + shipping.Shipper.Queue.Count);
    }

    [Fact]
    public async Task The_end_sends_what_is_left()
    {
        await using var loki = await LokiStandIn.StartAsync();
        var shipper = new LokiShipper(new LokiTarget { Url = loki.Url }, new LokiSettings { BatchPostingLimit = 10, Period = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        shipper.Start(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        for (var i = 0; i < 25; i++) shipper.Add(new LokiEntry(LokiStreams.App, shipper.Labels.OfApp("info", ""), LokiEntry.NanosecondsOf(TimeProvider.System.GetUtcNow()), "{}"u8.ToArray(), []));
        shipper.Dispose();
        Assert.Equal((25, 0L), (loki.Taken.Count, shipper.Meter.AllLost));
    }

    [Fact]
    public async Task The_end_waits_for_a_loki_that_hangs_no_longer_than_its_patience_and_whoever_logs_not_at_all()
    {
        await using var loki = await LokiStandIn.StartAsync();
        loki.Instead = async context => await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var shipper = new LokiShipper(
            new LokiTarget { Url = loki.Url, StopPatience = TimeSpan.FromMilliseconds(500) }, new LokiSettings { QueueLimit = 1000, Period = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        shipper.Start(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 200_000; i++) shipper.Add(new LokiEntry(LokiStreams.App, shipper.Labels.OfApp("info", ""), i, "{}"u8.ToArray(), []));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"adding took {clock.Elapsed}");
        Assert.Equal(199_000, shipper.Meter.Lost(LokiLoss.Full));
        clock.Restart();
        shipper.Dispose();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"the end took {clock.Elapsed}");
        Assert.Equal(1000, shipper.Meter.Lost(LokiLoss.Stopped));
    }

    private static int Outcome(string name) => DeliveryReasons.Outcomes.Index().Single(outcome => outcome.Item == name).Index;

    private static Func<HttpContext, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
