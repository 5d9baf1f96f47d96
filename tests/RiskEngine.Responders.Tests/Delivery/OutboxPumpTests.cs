using RiskEngine.Core.State;
using RiskEngine.Responders.Delivery;

namespace RiskEngine.Responders.Tests.Delivery;

public sealed class OutboxPumpTests
{
    private static readonly DeliveryResult Down = DeliveryResult.Unavailable(DeliveryReasons.Unreachable, "nobody listens there");

    [Fact]
    public async Task What_is_owed_is_delivered_once_and_gone()
    {
        var test = new Pumping();
        await test.OweAsync("a-1", "b-1");
        await test.RunAsync();
        Assert.Equal(["a-1", "b-1"], test.Tried.Order());
        Assert.Empty(await test.LeftAsync());
        await test.RunAsync();
        Assert.Equal(2, test.Tried.Count);
    }

    [Fact]
    public async Task Items_of_one_key_go_one_after_the_other_and_different_keys_at_the_same_time()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 3 });
        int now = 0, most = 0;
        var both = new TaskCompletionSource();
        test.Answer = async (item, cancellation) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            if (item.IdempotencyKey is "a-1" or "b-1")
            {
                if (Volatile.Read(ref now) == 2) both.SetResult();
                await both.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            }

            Interlocked.Decrement(ref now);
            return DeliveryResult.Delivered;
        };
        await test.OweAsync("a-1", "a-2", "a-3", "b-1");
        await test.RunAsync();
        Assert.Equal(["a-1", "a-2", "a-3"], test.Tried.Where(key => key[0] == 'a'));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task No_more_go_at_once_than_are_allowed()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 2 });
        var release = new TaskCompletionSource();
        test.Answer = async (_, _) =>
        {
            await release.Task;
            return DeliveryResult.Delivered;
        };
        await test.OweAsync("a-1", "b-1", "c-1", "d-1");
        await test.Pump.TurnAsync(CancellationToken.None, CancellationToken.None);
        await test.Pump.TurnAsync(CancellationToken.None, CancellationToken.None);
        Assert.InRange(test.Tried.Count, 0, 2);
        release.SetResult();
        await test.Pump.IdleAsync();
        Assert.Equal(2, test.Tried.Count);
        await test.RunAsync();
        Assert.Equal(4, test.Tried.Count);
    }

    [Fact]
    public async Task What_fails_waits_longer_each_time_and_holds_back_only_its_own_key()
    {
        var test = new Pumping();
        test.Answer = (item, _) => Task.FromResult(item.OrderKey == "a" ? DeliveryResult.Retry(DeliveryReasons.Conflict, "no") : DeliveryResult.Delivered);
        await test.OweAsync("a-1", "a-2", "b-1", "b-2");
        await test.RunAsync();
        Assert.Equal(["a-1", "b-1", "b-2"], test.Tried.Order());
        List<TimeSpan> waits = [];
        for (var i = 0; i < 12; i++)
        {
            var item = (await test.LeftAsync())[0];
            Assert.Equal((i + 1, "conflict: no"), (item.Attempts, item.LastFailure));
            waits.Add(item.DueAt.ToDateTimeOffset() - test.Clock.GetUtcNow());
            test.Clock.Advance(waits[^1]);
            await test.RunAsync();
        }

        Assert.DoesNotContain("a-2", test.Tried);
        var bound = TimeSpan.FromSeconds(1);
        Assert.All(waits, wait =>
        {
            Assert.InRange(wait, TimeSpan.Zero, bound);
            bound = bound * 2 < TimeSpan.FromMinutes(5) ? bound * 2 : TimeSpan.FromMinutes(5);
        });
        Assert.True(waits.Skip(6).Max() > TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task It_sleeps_until_the_next_item_is_due_and_not_longer()
    {
        var test = new Pumping();
        test.Answers(DeliveryResult.Retry(DeliveryReasons.Conflict, "no", TimeSpan.FromSeconds(20)));
        await test.OweAsync("a-1");
        Assert.Equal(TimeSpan.FromSeconds(20), await test.RunAsync());
    }

    [Fact]
    public async Task A_target_that_is_down_is_asked_by_one_item_at_a_time_and_not_by_all()
    {
        var test = new Pumping();
        test.Answers(Down);
        await test.OweAsync([.. Enumerable.Range(0, 1000).Select(i => $"k{i}-1")]);
        for (var second = 0; second < 60; second++)
        {
            await test.RunAsync();
            test.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(test.Tried.Count, 3, 30);
        Assert.Equal(["down: nobody listens there"], test.Watch.Told);
        Assert.Equal(1000, (await test.LeftAsync()).Count);

        test.Answers(DeliveryResult.Delivered);
        test.Clock.Advance(TimeSpan.FromSeconds(15));
        await test.RunAsync();
        test.Clock.Advance(TimeSpan.FromMinutes(5));
        await test.RunAsync();
        Assert.Empty(await test.LeftAsync());
        Assert.Equal("up", test.Watch.Told.Last());
    }

    [Fact]
    public async Task Ten_thousand_decisions_while_the_target_is_down_are_delivered_once_each_and_in_order_when_it_is_back()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 8 });
        test.Answers(Down);
        await test.OweAsync([.. Enumerable.Range(0, 10_000).Select(i => $"k{i % 500}-{i}")]);
        for (var second = 0; second < 60; second++)
        {
            await test.RunAsync();
            test.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        test.Tried.Clear();
        test.Answers(DeliveryResult.Delivered);
        test.Clock.Advance(TimeSpan.FromMinutes(5));
        await test.RunAsync();
        Assert.Empty(await test.LeftAsync());
        Assert.Equal(10_000, test.Tried.Count);
        Assert.Equal(10_000, test.Tried.Distinct().Count());
        Assert.All(test.Tried.GroupBy(key => key.Split('-')[0]), keys => Assert.Equal(keys.OrderBy(key => int.Parse(key.Split('-')[1])), keys));
    }

    [Fact]
    public async Task One_failure_of_the_target_among_successes_is_no_reason_to_stop()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 1 });
        test.Answer = (item, _) => Task.FromResult(item.OrderKey is "a" or "c" ? Down : DeliveryResult.Delivered);
        await test.OweAsync("a-1", "b-1", "c-1", "d-1");
        await test.RunAsync();
        Assert.Equal(4, test.Tried.Count);
        Assert.Empty(test.Watch.Told);
    }

    [Fact]
    public async Task A_target_that_asks_to_be_left_alone_is_left_alone_that_long()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 1 });
        test.Answers(DeliveryResult.Unavailable(DeliveryReasons.Throttled, "later", TimeSpan.FromSeconds(40)));
        await test.OweAsync("a-1", "b-1");
        Assert.Equal(TimeSpan.FromSeconds(40), await test.RunAsync());
        Assert.Equal(["a-1"], test.Tried);
        test.Clock.Advance(TimeSpan.FromSeconds(39.9));
        await test.RunAsync();
        Assert.Single(test.Tried);
        test.Answers(DeliveryResult.Delivered);
        test.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await test.RunAsync();
        Assert.Empty(await test.LeftAsync());
    }

    [Fact]
    public async Task A_target_that_asks_to_be_left_alone_is_left_alone_although_an_answer_to_what_was_asked_before_is_good()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 2 });
        test.Answer = async (item, cancellation) =>
        {
            if (item.IdempotencyKey == "a-1") return DeliveryResult.Unavailable(DeliveryReasons.Throttled, "later", TimeSpan.FromSeconds(40));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            while ((await test.LeftAsync())[0] is { IdempotencyKey: "a-1", Attempts: 0 }) await Task.Delay(TimeSpan.FromMilliseconds(1), patience.Token);
            return DeliveryResult.Delivered;
        };
        await test.OweAsync("a-1", "b-1", "c-1");
        Assert.Equal(TimeSpan.FromSeconds(40), await test.RunAsync());
        Assert.Equal(["a-1", "b-1"], test.Tried.Order());
        test.Answers(DeliveryResult.Delivered);
        test.Clock.Advance(TimeSpan.FromSeconds(40));
        await test.RunAsync();
        Assert.Empty(await test.LeftAsync());
    }

    [Fact]
    public async Task While_nothing_is_due_the_outbox_is_not_asked_again_unless_there_is_news()
    {
        var outbox = new FailingOutbox(new Pumping().Outbox);
        var test = new Pumping(outbox: outbox);
        test.Answers(DeliveryResult.Retry(DeliveryReasons.Conflict, "no", TimeSpan.FromSeconds(20)));
        await test.OweAsync("a-1");
        await test.RunAsync();
        var before = outbox.Takes;
        for (var i = 0; i < 10; i++) Assert.Equal(TimeSpan.FromSeconds(20), await test.RunAsync());
        Assert.Equal(before, outbox.Takes);

        test.Answers(DeliveryResult.Delivered);
        await test.OweAsync("b-1");
        await test.RunAsync();
        Assert.Equal(["a-1", "b-1"], test.Tried);
        test.Clock.Advance(TimeSpan.FromSeconds(20));
        await test.RunAsync();
        Assert.Equal(["a-1", "b-1", "a-1"], test.Tried);
    }

    [Theory]
    [InlineData(86_400, 0)]
    [InlineData(86_401, 1)]
    public async Task What_was_not_done_in_a_day_is_given_up_and_says_why_it_failed(int seconds, int givenUp)
    {
        var test = new Pumping();
        test.Answers(Down);
        await test.OweAsync("a-1");
        await test.RunAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await test.RunAsync();
        var dead = await test.LeftAsync(isDead: true);
        Assert.Equal(givenUp, dead.Count);
        if (givenUp == 0) return;
        Assert.Equal(["web/expired"], test.Dead);
        Assert.Equal("expired: not done in time; last: unreachable: nobody listens there", dead[0].LastFailure);
        Assert.Contains("a-1 given up: expired", test.Watch.Told);
    }

    [Fact]
    public async Task What_can_never_succeed_is_given_up_at_once_and_the_next_of_its_key_follows()
    {
        var test = new Pumping();
        test.Answer = (item, _) => Task.FromResult(item.IdempotencyKey == "a-1" ? DeliveryResult.Never(DeliveryReasons.Rejected, "422") : DeliveryResult.Delivered);
        await test.OweAsync("a-1", "a-2");
        await test.RunAsync();
        Assert.Equal(["a-1", "a-2"], test.Tried);
        Assert.Equal(["web/rejected"], test.Dead);
    }

    [Fact]
    public async Task A_responder_that_throws_is_tried_again_and_told()
    {
        var test = new Pumping { Answer = (_, _) => throw new InvalidOperationException("nobody thought of this") };
        await test.OweAsync("a-1");
        await test.RunAsync();
        Assert.Equal(["threw InvalidOperationException"], test.Watch.Told);
        Assert.Equal("failed: InvalidOperationException", (await test.LeftAsync())[0].LastFailure);
    }

    [Fact]
    public async Task What_was_erased_after_it_was_read_is_not_delivered_any_more()
    {
        var test = new Pumping(new PumpSettings { Concurrency = 1 });
        var subject = SubjectHandle.Of(test.Store.Hash, "default", "jane");
        await test.Outbox.AddAsync([Pumping.Item("a-1"), Pumping.Item("a-2") with { Subject = subject }, Pumping.Item("b-1") with { Subject = subject }, Pumping.Item("c-1")], CancellationToken.None);
        test.Answer = async (item, _) =>
        {
            if (item.IdempotencyKey == "a-1") await test.Store.EraseSubjectAsync(new SubjectErasure("default", "jane", DryRun: false), new AuditEntry(0, default, "admin", "subject.erase", "", ""), CancellationToken.None);
            return DeliveryResult.Delivered;
        };
        await test.RunAsync();
        Assert.Equal(["a-1", "c-1"], test.Tried);
    }

    [Fact]
    public async Task Dry_run_does_nothing_tells_what_it_would_do_and_is_done()
    {
        var test = new Pumping();
        List<string> told = [];
        var pump = new OutboxPump(new DryRunResponder("web", item => told.Add(item.Kind)), test.Outbox, new PumpSettings(), test.Watch, test.Clock);
        await test.OweAsync("a-1");
        await pump.TurnAsync(CancellationToken.None, CancellationToken.None);
        await pump.IdleAsync();
        Assert.Equal(["notify"], told);
        Assert.Equal(["dry_run"], test.Watch.Outcomes);
        Assert.Empty(await test.LeftAsync());
    }

    [Fact]
    public void The_same_item_waits_the_same_time_and_another_one_another()
    {
        TimeSpan Wait(long seed, int failures) => BackOff.Wait(seed, failures, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Assert.Equal(Wait(7, 3), Wait(7, 3));
        Assert.NotEqual(Wait(7, 3), Wait(8, 3));
        Assert.NotEqual(Wait(7, 3), Wait(7, 4));
        Assert.InRange(Enumerable.Range(1, 10_000).Average(seed => Wait(seed, 1).TotalMilliseconds), 480, 520);
        Assert.InRange(Wait(7, int.MaxValue), TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }
}
