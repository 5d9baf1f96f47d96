using RiskEngine.Responders.Delivery;

namespace RiskEngine.Responders.Tests.Delivery;

/// <summary>What a pump leaves behind when it stops, when it is ended, and when the store fails.</summary>
public sealed class OutboxPumpEndTests
{
    [Fact]
    public async Task A_crash_between_delivery_and_completion_repeats_the_same_key_in_the_same_order()
    {
        var test = new Pumping();
        var failing = new FailingOutbox(test.Outbox);
        var crashed = new Pumping(outbox: failing);
        await crashed.OweAsync("a-1", "a-2");
        failing.Fails = true;
        await crashed.Pump.TurnAsync(CancellationToken.None, CancellationToken.None);
        await crashed.Pump.IdleAsync();
        Assert.Equal(["a-1"], crashed.Tried);

        // Another process, which knows nothing of the first.
        var next = new Pumping(outbox: test.Outbox);
        await next.RunAsync();
        Assert.Equal(["a-1", "a-2"], next.Tried);
    }

    [Fact]
    public async Task While_the_store_cannot_note_it_what_is_done_is_not_done_again()
    {
        var inner = new Pumping();
        var failing = new FailingOutbox(inner.Outbox) { Fails = true };
        var test = new Pumping(outbox: failing);
        await test.OweAsync("a-1", "a-2");
        for (var i = 0; i < 5; i++)
        {
            await test.RunAsync();
            test.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["a-1"], test.Tried);
        Assert.Contains("store failed", test.Watch.Told);
        failing.Fails = false;
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        await test.RunAsync();
        Assert.Equal(["a-1", "a-2"], test.Tried);
        Assert.Empty(await test.LeftAsync());
    }

    [Fact]
    public async Task Stopping_lets_what_is_under_way_finish_and_begins_nothing_new()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 1 });
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        test.Answer = async (_, _) =>
        {
            begun.TrySetResult();
            await release.Task;
            return DeliveryResult.Delivered;
        };
        await test.OweAsync("a-1", "b-1");
        var running = test.Pump.RunAsync(stop.Token);
        await begun.Task;
        await stop.CancelAsync();
        release.SetResult();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["a-1"], test.Tried);
        Assert.Equal(["b-1"], (await test.LeftAsync()).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_ever_for_a_target_that_hangs()
    {
        var test = new Pumping(new PumpSettings { StopPatience = TimeSpan.FromMilliseconds(20) });
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        test.Answer = async (_, cancellation) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return DeliveryResult.Delivered;
        };
        await test.OweAsync("a-1");
        var running = test.Pump.RunAsync(stop.Token);
        await begun.Task;
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Assert.Single(await test.LeftAsync()).Attempts);
    }
}
