using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>What every store owes to those who deliver what is owed.</summary>
public abstract class OutboxContract : StoreContract
{
    /// <summary>Items that may wait for one responder in these tests.</summary>
    protected const int Capacity = 20;

    private static readonly AuditEntry Act = new(0, Now, "admin", "act", "target", "");

    private readonly List<(string Responder, string Reason)> _dead = [];

    private IOutbox Outbox => Records.Outbox;

    private EventTime Clock => EventTime.From(Time.GetUtcNow());

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Outbox.Signals.Dead = (responder, reason) => _dead.Add((responder, reason));
    }

    [Fact]
    public async Task What_a_batch_owes_is_there_with_its_effects_and_comes_back_as_it_was_given()
    {
        var owed = Item("42", "first") with { Subject = UInt128.MaxValue - 7, Payload = new byte[] { 0, 1, 255 } };
        await CommitAsync(owed);
        var stored = Assert.Single(await TakeAsync());
        Assert.Equal(
            owed with { Id = stored.Id, CreatedAt = Clock, DueAt = Clock, Payload = stored.Payload },
            stored);
        Assert.Equal(owed.Payload.ToArray(), stored.Payload.ToArray());
        Assert.True(stored.Id > 0);
    }

    [Fact]
    public async Task The_trace_in_which_it_came_to_be_owed_stays_with_it_whatever_becomes_of_it()
    {
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        await CommitAsync(Item("1", "event") with { Trace = Trace });
        await Records.AddAuditAsync(Act with { Owed = [Item("2", "act") with { Trace = Trace }, Item("3", "untraced")] }, CancellationToken.None);
        await AddAsync(Item("4", "added") with { Trace = Trace });
        string?[] expected = [Trace, Trace, null, Trace];
        var taken = await TakeAsync();
        Assert.Equal(expected, taken.Select(item => item.Trace));
        foreach (var item in taken) await Outbox.PostponeAsync(item.Id, Clock, "timeout", CancellationToken.None);
        Assert.Equal(expected, (await TakeAsync()).Select(item => item.Trace));
        foreach (var item in taken) await Outbox.KillAsync(item.Id, "refused", "", CancellationToken.None);
        Assert.Equal(expected, (await ListAsync(isDead: true)).Select(item => item.Trace));
        foreach (var item in taken) await Outbox.ReviveAsync(item.Id, Act, CancellationToken.None);
        Assert.Equal(expected, (await TakeAsync()).Select(item => item.Trace));
    }

    [Fact]
    public async Task A_commit_that_is_refused_owes_nothing()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var stale = (await Work().Login("b", Now).LoadAsync(Store)).Judge();
        stale.Effects.Owed.Add(Item("42", "never"));
        await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Act, CancellationToken.None);
        await Assert.ThrowsAsync<StateStoreException>(async () => await Store.CommitAsync(stale.Effects, CancellationToken.None));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_an_act_owes_is_there_once_it_is_done_and_not_where_it_changed_nothing()
    {
        var block = await Records.AddBlockAsync(SomeBlock(), new BlockKey(7), Act with { Owed = [Item("1", "blocked")] }, CancellationToken.None);
        Assert.Null(await Records.RemoveBlockAsync(block.Id + 1, Act with { Owed = [Item("1", "wrong")] }, CancellationToken.None));
        await Records.RemoveBlockAsync(block.Id, Act with { Owed = [Item("1", "released")] }, CancellationToken.None);
        Assert.False(await Records.AddFeedbackAsync(new Feedback("default", "none", FeedbackLabel.Safe, "", "admin", Now), Act with { Owed = [Item("1", "wrong")] }, CancellationToken.None));
        await Work().Login("a", Now).RunAsync(Store);
        await Records.AddFeedbackAsync(new Feedback("default", "a", FeedbackLabel.Safe, "", "admin", Now), Act with { Owed = [Item("1", "safe")] }, CancellationToken.None);
        Assert.Equal(["blocked", "released", "safe"], (await TakeAsync()).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task What_is_owed_for_a_block_is_asked_for_with_the_number_that_it_got()
    {
        var block = await Records.AddBlockAsync(SomeBlock(), new BlockKey(7), Act with { Owed = [Item("1", "act")], OwedFor = added => [Item("1", $"block {added.Id}")] }, CancellationToken.None);
        Assert.Equal(["act", $"block {block.Id}"], (await TakeAsync()).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task Whoever_delivers_is_woken_when_something_is_owed_and_not_otherwise()
    {
        var woken = new List<string>();
        Outbox.Signals.Owed = woken.Add;
        await Work().Login("a", Now).RunAsync(Store);
        await Records.AddAuditAsync(Act, CancellationToken.None);
        Assert.Empty(woken);
        await CommitAsync(Item("42", "a"));
        Assert.Equal(["web"], woken);
        await Records.AddAuditAsync(Act with { Owed = [Item("42", "b")] }, CancellationToken.None);
        Assert.Equal(["web", "web"], woken);
        await AddAsync(Item("1", "c") with { Responder = "authentik" }, Item("2", "d") with { Responder = "authentik" });
        Assert.Equal(["web", "web", "authentik"], woken);
        await Outbox.ReviveAsync((await TakeAsync())[0].Id, Act, CancellationToken.None);
        Assert.Equal(["web", "web", "authentik", "web"], woken);
    }

    [Fact]
    public async Task Items_of_one_key_come_in_order_and_wait_for_the_first_of_them()
    {
        await AddAsync(Item("1", "1a"), Item("2", "2a"), Item("1", "1b"), Item("2", "2b"));
        var taken = await TakeAsync();
        Assert.Equal(["1a", "2a", "1b", "2b"], taken.Select(item => item.IdempotencyKey));
        await Outbox.PostponeAsync(taken[0].Id, Clock + TimeSpan.FromMinutes(1), "timeout", CancellationToken.None);
        Assert.Equal(["2a", "2b"], (await TakeAsync()).Select(item => item.IdempotencyKey));
        await Outbox.CompleteAsync(taken[1].Id, CancellationToken.None);
        await Outbox.CompleteAsync(taken[3].Id, CancellationToken.None);
        var batch = await Outbox.TakeAsync(new OutboxRequest("web", Clock, 10, []), CancellationToken.None);
        Assert.Empty(batch.Items);
        Assert.Equal(Clock + TimeSpan.FromMinutes(1), batch.NextDue);
        Time.Advance(TimeSpan.FromMinutes(1));
        taken = await TakeAsync();
        Assert.Equal(["1a", "1b"], taken.Select(item => item.IdempotencyKey));
        Assert.Equal((1, "timeout"), (taken[0].Attempts, taken[0].LastFailure));
    }

    [Fact]
    public async Task A_page_is_bounded_and_keys_that_wait_do_not_fill_it()
    {
        await AddAsync([.. Enumerable.Range(0, 10).Select(i => Item("slow", $"s{i}")), Item("2", "2a"), Item("3", "3a")]);
        var first = (await TakeAsync(limit: 1))[0];
        Assert.Equal("s0", first.IdempotencyKey);
        await Outbox.PostponeAsync(first.Id, Clock + TimeSpan.FromHours(1), "timeout", CancellationToken.None);
        Assert.Equal(["2a", "3a"], (await TakeAsync(limit: 2)).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task Keys_that_somebody_works_on_are_left_out_and_so_are_other_responders()
    {
        await AddAsync(Item("1", "1a"), Item("it's \"2\"", "2a"), Item("1", "other") with { Responder = "authentik" });
        Assert.Equal(["1a"], (await TakeAsync(except: ["it's \"2\""])).Select(item => item.IdempotencyKey));
        var batch = await Outbox.TakeAsync(new OutboxRequest("web", Clock, 10, ["1", "it's \"2\""]), CancellationToken.None);
        Assert.Empty(batch.Items);
        Assert.Null(batch.NextDue);
    }

    [Fact]
    public async Task The_latest_wish_takes_the_place_of_those_that_still_wait_and_of_nothing_else()
    {
        await AddAsync(Item("1", "in") with { Kind = "membership", IsLatestWish = true }, Item("1", "end") with { Kind = "sessions" }, Item("2", "in2") with { Kind = "membership", IsLatestWish = true });
        await AddAsync(Item("1", "out") with { Kind = "membership", IsLatestWish = true });
        Assert.Equal(["end", "in2", "out"], (await TakeAsync()).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task The_same_key_counts_once_for_a_while_also_when_it_is_delivered_and_then_again()
    {
        var once = Item("1", "jane-rule-block") with { OnceFor = TimeSpan.FromMinutes(10) };
        await AddAsync(once, once, once with { Responder = "other" });
        var item = Assert.Single(await TakeAsync());
        await Outbox.CompleteAsync(item.Id, CancellationToken.None);
        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await AddAsync(once);
        Assert.Empty(await TakeAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await AddAsync(once);
        Assert.Single(await TakeAsync());
    }

    [Fact]
    public async Task What_comes_when_it_is_full_is_a_dead_letter_at_once_and_is_told()
    {
        await AddAsync([.. Enumerable.Range(0, Capacity + 2).Select(i => Item($"{i}", $"k{i}"))]);
        Assert.Equal(Capacity, (await TakeAsync(limit: 100)).Count);
        var dead = await ListAsync(isDead: true);
        Assert.Equal([$"k{Capacity}", $"k{Capacity + 1}"], dead.Select(item => item.IdempotencyKey));
        Assert.All(dead, item => Assert.Equal("full", item.LastFailure));
        Assert.Equal([("web", "full"), ("web", "full")], _dead);
        await AddAsync(Item("1", "other") with { Responder = "authentik" });
        Assert.Equal(2, _dead.Count);
    }

    [Fact]
    public async Task A_full_outbox_still_takes_the_latest_wish_in_the_place_of_an_earlier_one()
    {
        await AddAsync([.. Enumerable.Range(0, Capacity).Select(i => Item($"{i}", $"in{i}") with { Kind = "membership", IsLatestWish = true })]);
        await AddAsync(Item("3", "out3") with { Kind = "membership", IsLatestWish = true });
        Assert.Empty(_dead);
        Assert.Equal("out3", (await TakeAsync(limit: 100))[^1].IdempotencyKey);
    }

    [Fact]
    public async Task Of_dead_letters_the_oldest_go_when_there_are_too_many()
    {
        await AddAsync([.. Enumerable.Range(0, (2 * Capacity) + 3).Select(i => Item($"{i}", $"k{i}"))]);
        Assert.Equal(Enumerable.Range(Capacity + 3, Capacity).Select(i => $"k{i}"), (await ListAsync(isDead: true)).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task What_is_given_up_is_told_kept_and_no_longer_in_the_way()
    {
        await AddAsync(Item("1", "bad"), Item("1", "good"));
        var bad = (await TakeAsync())[0];
        await Outbox.KillAsync(bad.Id, "refused", "refused: 422", CancellationToken.None);
        await Outbox.KillAsync(bad.Id, "refused", "again", CancellationToken.None);
        await Outbox.KillAsync(999, "refused", "nobody", CancellationToken.None);
        Assert.Equal([("web", "refused")], _dead);
        Assert.Equal("good", Assert.Single(await TakeAsync()).IdempotencyKey);
        var dead = Assert.Single(await ListAsync(isDead: true));
        Assert.Equal(("refused: 422", 1, true), (dead.LastFailure, dead.Attempts, dead.IsDead));
        Assert.Equal([new OutboxDepth("web", 1, 1, Clock)], await Outbox.DepthsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_dead_letter_is_revived_in_its_place_or_dropped_and_both_are_audited()
    {
        await AddAsync(Item("1", "a"), Item("1", "b"));
        var taken = await TakeAsync();
        await Outbox.KillAsync(taken[0].Id, "expired", "timeout", CancellationToken.None);
        Time.Advance(TimeSpan.FromDays(2));
        var removals = Outbox.Removals;
        Assert.True(await Outbox.ReviveAsync(taken[0].Id, Act with { What = "outbox.retry" }, CancellationToken.None));
        Assert.Equal(["a", "b"], (await TakeAsync()).Select(item => item.IdempotencyKey));
        Assert.Equal((0, Clock), ((await TakeAsync())[0].Attempts, (await TakeAsync())[0].CreatedAt));
        Assert.True(await Outbox.DropAsync(taken[1].Id, Act with { What = "outbox.drop" }, CancellationToken.None));
        Assert.False(await Outbox.DropAsync(taken[1].Id, Act, CancellationToken.None));
        Assert.False(await Outbox.ReviveAsync(taken[1].Id, Act, CancellationToken.None));
        Assert.Equal(["a"], (await TakeAsync()).Select(item => item.IdempotencyKey));
        Assert.Equal(["outbox.retry", "outbox.drop"], (await Records.ReadAuditAsync(0, 10, CancellationToken.None)).Select(record => record.Entry.What));
        Assert.True(Outbox.Removals >= removals + 2);
    }

    [Fact]
    public async Task What_is_owed_because_of_a_subject_goes_with_it_and_what_others_are_owed_stays()
    {
        var subject = SubjectHandle.Of(Store.Hash, "default", "42");
        await Work().Login("a", Now, "42").RunAsync(Store);
        await AddAsync(
            Item("42", "waits") with { Subject = subject, OnceFor = TimeSpan.FromHours(1) }, Item("42", "dead") with { Subject = subject },
            Item("77", "other") with { Subject = SubjectHandle.Of(Store.Hash, "default", "77") }, Item("none", "nobody"));
        await Outbox.KillAsync((await TakeAsync())[1].Id, "refused", "", CancellationToken.None);
        var removals = Outbox.Removals;
        Assert.Equal(2, (await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: true), Act, CancellationToken.None)).Rows["outbox"]);
        Assert.Equal(4, (await ListAsync()).Count);
        Assert.Equal(2, (await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Act, CancellationToken.None)).Rows["outbox"]);
        Assert.Equal(["other", "nobody"], (await ListAsync()).Select(item => item.IdempotencyKey));
        Assert.True(Outbox.Removals > removals);
    }

    [Fact]
    public async Task More_than_an_hour_may_bring_is_a_dead_letter_and_what_has_no_bound_is_not_counted()
    {
        Time.Advance(TimeSpan.FromHours(1) - new TimeSpan(0, Time.GetUtcNow().Minute, Time.GetUtcNow().Second));
        await AddAsync([.. new[] { "a", "b", "c" }.Select(id => Item(id, id) with { MostPerHour = 2 }), Item("free", "free"), Item("other", "other") with { Responder = "mail", MostPerHour = 2 }]);
        Assert.Equal(["a", "b", "free"], (await TakeAsync()).Select(item => item.IdempotencyKey));
        Assert.Equal(("c", IOutbox.RateLimited), Assert.Single(await ListAsync(isDead: true)) is var late ? (late.IdempotencyKey, late.LastFailure) : default);
        Assert.Equal([("web", IOutbox.RateLimited)], _dead);
        Time.Advance(TimeSpan.FromHours(1));
        await AddAsync(Item("d", "d") with { MostPerHour = 2 });
        Assert.Equal(["a", "b", "free", "d"], (await TakeAsync()).Select(item => item.IdempotencyKey));
    }

    [Fact]
    public async Task A_list_is_filtered_and_goes_on_after_a_number()
    {
        await AddAsync(Item("1", "a"), Item("2", "b"), Item("3", "c") with { Responder = "authentik" });
        Assert.Equal(["a", "b", "c"], (await ListAsync()).Select(item => item.IdempotencyKey));
        Assert.Equal(["c"], (await ListAsync("authentik")).Select(item => item.IdempotencyKey));
        var first = (await Outbox.ListAsync(new OutboxQuery { Limit = 1 }, CancellationToken.None))[0];
        Assert.Equal(["b", "c"], (await Outbox.ListAsync(new OutboxQuery { After = first.Id }, CancellationToken.None)).Select(item => item.IdempotencyKey));
        Assert.Empty(await ListAsync("authentik", isDead: true));
    }

    protected static OutboxItem Item(string key, string idempotencyKey) => new()
    {
        Responder = "web", OrderKey = key, Kind = "notify", IdempotencyKey = idempotencyKey, Payload = Encoding.UTF8.GetBytes($"payload of {idempotencyKey}"),
    };

    private async Task CommitAsync(params OutboxItem[] owed)
    {
        var work = (await Work().Login($"e{owed[0].IdempotencyKey}", Now).LoadAsync(Store)).Judge();
        work.Effects.Owed.AddRange(owed);
        await Store.CommitAsync(work.Effects, CancellationToken.None);
    }

    private async Task AddAsync(params OutboxItem[] items) => await Outbox.AddAsync(items, CancellationToken.None);

    private async Task<IReadOnlyList<OutboxItem>> TakeAsync(int limit = 50, IReadOnlyCollection<string>? except = null) =>
        (await Outbox.TakeAsync(new OutboxRequest("web", Clock, limit, except ?? []), CancellationToken.None)).Items;

    private async Task<IReadOnlyList<OutboxItem>> ListAsync(string? responder = null, bool? isDead = null) =>
        await Outbox.ListAsync(new OutboxQuery { Responder = responder, IsDead = isDead }, CancellationToken.None);

    private static Block SomeBlock() => new() { Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
}
