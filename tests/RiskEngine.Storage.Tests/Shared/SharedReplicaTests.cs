using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using UnitOfWork = RiskEngine.Testing.UnitOfWork;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Two replicas on one store.</summary>
public sealed class SharedReplicaTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));
    private static readonly AuditEntry Act = new(0, Now, "admin", "act", "target", "");

    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private SharedStoreSettings _settings = null!;
    private SharedStateStore _one = null!;
    private SharedStateStore _other = null!;

    public async Task InitializeAsync()
    {
        _settings = await SharedStores.SettingsAsync() with { Lease = TimeSpan.FromSeconds(1) };
        _one = await SharedStores.AtAsync(_settings, _time);
        _other = await SharedStores.AtAsync(_settings, _time);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task What_one_learnt_the_other_knows()
    {
        await Work(_one).Login("a", Now).RunAsync(_one);
        await Work(_other).Login("b", Now).RunAsync(_other);
        var view = (await Work(_one).Login("a", Now).LoadAsync(_one)).View;
        Assert.True(view.Events.IsFound(0));
        Assert.Equal(2u, view.Profiles.Profile(0).Header.Logins);
        Assert.Equal(2, (await _other.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Count);
    }

    [Fact]
    public async Task Who_only_asks_is_answered_by_what_another_learnt_a_moment_ago()
    {
        await Work(_other).Login("a", Now).RunAsync(_other);
        await TestServer.UntilAsync(
            async () =>
            {
                var question = Work(_one).Login("x", Now);
                question.View.IsQuestion = true;
                await question.LoadAsync(_one);
                return question.View.Profiles.Profile(0).Header.Logins == 1;
            },
            "an answer that knows the login");
    }

    [Fact]
    public async Task A_replica_that_begins_later_tells_repeats_before_and_after_it_has_read_what_was_stored()
    {
        await Work(_one).Login("a", Now).RunAsync(_one);
        await using var late = await SharedStores.AtAsync(_settings, _time);
        Assert.True((await Work(late).Login("a", Now).LoadAsync(late)).View.Events.IsFound(0));
        await TestServer.UntilAsync(() => Task.FromResult(late.Seen.UnreadThrough == 0), "the reading of ids");
        Assert.True((await Work(late).Login("a", Now).LoadAsync(late)).View.Events.IsFound(0));
        Assert.False((await Work(late).Login("b", Now).LoadAsync(late)).View.Events.IsFound(0));
    }

    [Fact]
    public async Task Two_that_judged_the_same_event_at_the_same_time_store_it_once()
    {
        var slow = (await Work(_one).Login("a", Now, "1").LoadAsync(_one)).Judge();
        await Work(_other).Login("a", Now, "1").RunAsync(_other);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await _one.CommitAsync(slow.Effects, CancellationToken.None))).IsConflict);
        Assert.True((await Work(_one).Login("a", Now, "1").LoadAsync(_one)).View.Events.IsFound(0));
    }

    [Fact]
    public async Task Who_is_slower_is_refused_as_a_conflict_and_judged_again_counts_once()
    {
        var slow = (await Work(_one).Login("a", Now).LoadAsync(_one)).Judge();
        await Work(_other).Login("b", Now).RunAsync(_other);
        var refused = await Assert.ThrowsAsync<StateStoreException>(async () => await _one.CommitAsync(slow.Effects, CancellationToken.None));
        Assert.True(refused.IsConflict);
        Assert.Null(await _one.FindEventAsync("default", "a", CancellationToken.None));
        await Work(_one).Login("a", Now).RunAsync(_one);
        Assert.Equal(2u, (await Work(_other).Login("c", Now).LoadAsync(_other)).View.Profiles.Profile(0).Header.Logins);
        Assert.Null(_one.Meter.FailingSince);
    }

    [Fact]
    public async Task Units_that_touch_different_rows_do_not_conflict()
    {
        var one = await Work(_one).Login("a", Now, "1", "203.0.113.1").LoadAsync(_one);
        var other = await Work(_other).Login("b", Now, "2", "198.51.100.1").LoadAsync(_other);
        foreach (var work in new[] { one, other })
        {
            work.Effects.Begin(work.Batch);
            work.View.Profiles.Rows.MarkDirty(0);
        }

        await _other.CommitAsync(other.Effects, CancellationToken.None);
        await _one.CommitAsync(one.Effects, CancellationToken.None);
        Assert.Equal(2, (await _one.StatisticsAsync(CancellationToken.None)).Events);
    }

    [Fact]
    public async Task An_event_that_the_other_stored_meanwhile_is_found_to_be_a_repeat()
    {
        var slow = await Work(_one).Login("a", Now).LoadAsync(_one);
        await Work(_other).Login("a", Now).RunAsync(_other);
        slow.Effects.Begin(slow.Batch);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await _one.CommitAsync(slow.Effects, CancellationToken.None))).IsConflict);
        Assert.True((await Work(_one).Login("a", Now).LoadAsync(_one)).View.Events.IsFound(0));
    }

    [Fact]
    public async Task Two_judges_at_once_lose_nothing_and_count_nothing_twice()
    {
        const int Units = 60;
        await using (var one = Judge(_one))
        await using (var other = Judge(_other))
        {
            // Each event is sent to both, as a load balancer that tries again does.
            var sent = Enumerable.Range(0, Units).SelectMany(i => new[] { SubmitAsync(one, i), SubmitAsync(other, i) });
            var answers = await Task.WhenAll(sent);
            Assert.Equal((Units, Units), (answers.Sum(answer => answer.Accepted), answers.Sum(answer => answer.Duplicates)));
        }

        var view = (await Work(_one).Login("x", Now).LoadAsync(_one)).View;
        Assert.Equal(Units, view.Reputation.Row(view[0].Fleet).Logins.Value);
        Assert.Equal(Units, (await _one.StatisticsAsync(CancellationToken.None)).Events);
    }

    [Fact]
    public async Task A_block_that_one_made_holds_at_the_other_before_the_next_event_is_judged()
    {
        var block = await _one.AddBlockAsync(SomeBlock("203.0.113.7"), Key("203.0.113.7"), Act, CancellationToken.None);
        await Work(_other).Login("a", Now).LoadAsync(_other);
        Assert.Equal(block, Assert.Single(_other.Blocks.All));
        var second = await _other.AddBlockAsync(SomeBlock("203.0.113.8"), Key("203.0.113.8"), Act, CancellationToken.None);
        Assert.True(second.Id > block.Id);
        Assert.Equal(block, await _other.RemoveBlockAsync(block.Id, Act, CancellationToken.None));
        await Work(_one).Login("b", Now).LoadAsync(_one);
        Assert.Equal(second, Assert.Single(_one.Blocks.All));
    }

    [Fact]
    public async Task A_block_holds_at_the_other_also_where_nothing_is_judged()
    {
        await _one.AddBlockAsync(SomeBlock("203.0.113.7"), Key("203.0.113.7"), Act, CancellationToken.None);
        await TestServer.UntilAsync(() => Task.FromResult(!_other.Blocks.IsEmpty), "the block at the other replica");
    }

    [Fact]
    public async Task One_leads_and_delivers_and_the_other_follows_when_it_is_gone()
    {
        Assert.True(_one.IsLeader);
        Assert.False(_other.IsLeader);
        await _other.Outbox.AddAsync([new OutboxItem { Responder = "web", OrderKey = "1", Kind = "notify", IdempotencyKey = "a", Payload = ReadOnlyMemory<byte>.Empty }], CancellationToken.None);
        var asked = new OutboxRequest("web", Now, 10, []);
        Assert.Single((await _one.Outbox.TakeAsync(asked, CancellationToken.None)).Items);
        var batch = await _other.Outbox.TakeAsync(asked, CancellationToken.None);
        Assert.Empty(batch.Items);
        Assert.NotNull(batch.NextDue);
        await _one.DisposeAsync();
        await TestServer.UntilAsync(() => Task.FromResult(_other.IsLeader), "the other replica's turn to lead");
        Assert.Single((await _other.Outbox.TakeAsync(asked, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Who_does_not_deliver_does_not_lead_and_who_does_not_poll_leaves_that_to_others()
    {
        await using var collector = await SharedStores.AtAsync(_settings with { MayLead = false, MayPoll = true }, _time);
        Assert.Equal((true, true), (_one.IsLeader, _one.IsPoller));
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await TestServer.UntilAsync(() => Task.FromResult(collector.IsPoller), "the collector's turn to poll");
        await using var engine = await SharedStores.AtAsync(_settings with { MayLead = true, MayPoll = false }, _time);
        await TestServer.UntilAsync(() => Task.FromResult(engine.IsLeader), "the engine's lead");
        Assert.Equal((false, false), (collector.IsLeader, engine.IsPoller));
    }

    [Fact]
    public async Task The_chain_of_the_audit_is_whole_whoever_writes()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? _one : _other).AddAuditAsync(Act with { Target = $"t{i}" }, CancellationToken.None).AsTask()));
        var ends = await _one.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new Storage.Audit.AuditVerifier(ends.Anchor);
        foreach (var record in await _other.ReadAuditAsync(0, 100, CancellationToken.None)) verifier.Add(record);
        Assert.True(verifier.Finish(ends.Head).IsWhole);
        Assert.Equal(20, ends.Head.Number);
    }

    [Fact]
    public async Task A_restart_of_all_keeps_everything()
    {
        await Work(_one).Login("a", Now).RunAsync(_one);
        var hash = _one.Hash.Hash("x"u8);
        await _one.AddBlockAsync(SomeBlock("203.0.113.7"), Key("203.0.113.7"), Act, CancellationToken.None);
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await using var again = await SharedStores.AtAsync(_settings, _time);
        Assert.Equal(hash, again.Hash.Hash("x"u8));
        Assert.Single(again.Blocks.All);
        Assert.Equal(1u, (await Work(again).Login("b", Now).LoadAsync(again)).View.Profiles.Profile(0).Header.Logins);
        Assert.NotNull(await again.FindEventAsync("default", "a", CancellationToken.None));
    }

    [Fact]
    public async Task Who_was_erased_at_one_is_not_remembered_by_the_other()
    {
        await Work(_one).Login("a", Now).RunAsync(_one);
        var removals = _other.Outbox.Removals;
        var stale = (await Work(_other).Login("b", Now).LoadAsync(_other)).Judge();
        await _one.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Act, CancellationToken.None);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await _other.CommitAsync(stale.Effects, CancellationToken.None))).IsConflict);
        Assert.False((await Work(_other).Login("b", Now).LoadAsync(_other)).View.Profiles.Rows.IsFound(0));
        await TestServer.UntilAsync(() => Task.FromResult(_other.Outbox.Removals > removals), "word of the erasure");
    }

    private static UnitOfWork Work(SharedStateStore store) => new(store.Hash);

    private static JudgeLoop Judge(SharedStateStore store) => new(store, new EngineReference(Some.Engine(store.Hash)), new PipelineSettings(), []);

    private static Task<SubmitResult> SubmitAsync(JudgeLoop judge, int number)
    {
        var work = new UnitOfWork(new KeyedHash(new byte[16])).Login($"e{number}", Now, $"{number % 5}");
        return judge.SubmitAsync(work.Batch, "test", null, CancellationToken.None);
    }

    private static BlockKey Key(string address) => new(BlockTable.KeyOf(IpAddress.Parse(address)));

    private static Block SomeBlock(string address) =>
        new() { Scope = BlockScope.Ip, Value = address, Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
}
