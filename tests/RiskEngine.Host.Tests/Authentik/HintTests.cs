using RiskEngine.Core.Events;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>A webhook beside a poller: what it tells counts once the poll has told it too.</summary>
public sealed class HintTests : WebhookTests
{
    [Fact]
    public async Task What_the_webhook_tells_is_no_event_until_the_poll_brings_it()
    {
        await using var app = await ServeAsync();
        await PostAsync(app, Row(1));
        Assert.Null(await FindAsync(1));
        Assert.Equal(1, Engine.Telemetry.Hints!.PendingCount);
        Authentik.Add(Row(1));
        await PollAsync();
        Assert.NotNull(await FindAsync(1));
        Assert.Equal(0, Engine.Telemetry.Hints.PendingCount);
        var scrape = Scrape();
        Assert.Contains("riskengine_hints_total{outcome=\"confirmed\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik_webhook\"} 0", scrape, StringComparison.Ordinal);
        Assert.Empty(Log.Messages);
    }

    [Fact]
    public async Task What_two_polls_did_not_bring_is_counted_and_told_once()
    {
        await using var app = await ServeAsync();
        Authentik.Add(Row(2));
        await PostAsync(app, Row(1));
        await PollAsync();
        Assert.Empty(Log.Messages);
        await PollAsync();
        await PollAsync();
        Assert.Contains("1 events that a webhook told of", Assert.Single(Log.Messages), StringComparison.Ordinal);
        Assert.Contains("riskengine_hints_total{outcome=\"unconfirmed\"} 1", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Polls_that_fail_confirm_and_refute_nothing()
    {
        await using var app = await ServeAsync();
        await PostAsync(app, Row(1));
        Authentik.Instead = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 3; i++) await PollAsync();
        Assert.Equal(1, Engine.Telemetry.Hints!.PendingCount);
    }

    [Fact]
    public void A_hint_from_the_future_is_of_now_and_a_line_of_theLog_is_no_hint()
    {
        var batch = new EventBatch();
        var ahead = EventTime.From(TimeProvider.System.GetUtcNow().AddMinutes(9));
        foreach (var id in (string[])["00000001-0000-4000-8000-000000000000", "d-0123456789abcdef0123456789abcdef"])
        {
            ref var e = ref batch.Add(default);
            (e.Id, e.OccurredAt, e.Kind) = (batch.Append(System.Text.Encoding.UTF8.GetBytes(id)), ahead, EventKind.LoginFailed);
        }

        Engine.Telemetry.Hints!.Mark(batch);
        Assert.Equal((true, false), (batch[0].Hint, batch[1].Hint));
        Assert.True(batch[0].OccurredAt < ahead);
        Assert.Equal(ahead, batch[1].OccurredAt);
    }
}
