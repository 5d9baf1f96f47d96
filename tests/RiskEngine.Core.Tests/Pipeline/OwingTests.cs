using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What responders are owed because of events: once for each that counts, with its effects.</summary>
public sealed class OwingTests
{
    private const string Attacker = "198.51.100.66";

    [Fact]
    public async Task A_decision_is_owed_once_however_often_its_event_comes()
    {
        await using var judging = new Judging(PolicyMode.Enforce, subscription: new Subscription(DecisionAction.Block));
        await BlockAsync(judging.Store, "42");
        var login = new Login("42", TimeSpan.Zero) { Id = "e1" };
        await judging.SubmitAsync(login);
        await judging.SubmitAsync(login);
        Assert.Equal(["decided e1"], await OwedAsync(judging.Store));
    }

    [Fact]
    public async Task Neither_questions_nor_probes_nor_hints_owe_anything()
    {
        await using var judging = new Judging(PolicyMode.Enforce, subscription: new Subscription(DecisionAction.Allow));
        await judging.EvaluateAsync(new Login("42", TimeSpan.Zero));
        await judging.SubmitAsync(new Login("42", TimeSpan.Zero) { Probe = true });
        var batch = judging.Batch(new Login("42", TimeSpan.FromMinutes(1)));
        batch[0].Hint = true;
        await judging.SubmitAsync(batch);
        Assert.Empty(await OwedAsync(judging.Store));
    }

    [Theory]
    [InlineData(DecisionAction.Notify, 0)]
    [InlineData(DecisionAction.Allow, 1)]
    public async Task Only_decisions_of_the_least_action_are_asked_about(DecisionAction least, int owed)
    {
        await using var judging = new Judging(PolicyMode.Enforce, subscription: new Subscription(least));
        await judging.SubmitAsync(new Login("42", TimeSpan.Zero));
        Assert.Equal(owed, (await OwedAsync(judging.Store)).Count);
    }

    [Fact]
    public async Task A_block_that_a_rule_makes_is_owed_with_it()
    {
        await using var judging = new Judging(PolicyMode.Enforce, subscription: new Subscription(DecisionAction.Block));
        for (var i = 0; i < 60; i++) await judging.SubmitAsync(new Login($"n{i}", TimeSpan.FromSeconds(i), Attacker, EventKind.LoginFailed) { Id = $"e{i}", UnknownName = true });
        var block = judging.Store.Blocks.All.Single();
        Assert.Contains($"blocked {Attacker} {block.EventId}", await OwedAsync(judging.Store));
    }

    [Fact]
    public async Task What_a_failed_commit_would_have_owed_is_owed_once_when_it_works()
    {
        await using var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var store = new FailingStore(memory);
        store.FailNextCommits(1);
        await BlockAsync(memory, "42");
        await using (var judging = new Judging(PolicyMode.Enforce, state: store, subscription: new Subscription(DecisionAction.Block)))
            await judging.SubmitAsync(new Login("42", TimeSpan.Zero) { Id = "e1" });
        Assert.Equal(2, store.Commits.Count);
        Assert.Equal(["decided e1"], await OwedAsync(memory));
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public async Task What_is_owed_knows_the_trace_of_its_own_event_where_that_is_recorded(ActivityTraceFlags flags, bool isKnown)
    {
        await using var judging = new Judging(PolicyMode.Enforce, subscription: new Subscription(DecisionAction.Allow));
        var (own, submitters) = (Trace('a', flags), Trace('b', flags));
        var batch = judging.Batch(new Login("1", TimeSpan.Zero), new Login("2", TimeSpan.Zero), new Login("3", TimeSpan.Zero));
        batch.Traces.Note(1, 2, own);
        using (var activity = new Activity("submit").SetParentId(submitters.TraceId, submitters.SpanId, flags).Start())
        {
            await judging.SubmitAsync(batch);
            await judging.SubmitAsync(new Login("4", TimeSpan.Zero));
            var items = await judging.Store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None);
            string?[] expected = [null, TraceParent.Write(own), null, TraceParent.Write(activity.Context)];
            Assert.Equal(isKnown ? expected : new string?[4], items.Select(item => item.Trace));
        }

        await judging.SubmitAsync(new Login("5", TimeSpan.Zero));
        Assert.Null((await judging.Store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None))[^1].Trace);
    }

    [Fact]
    public async Task Of_submissions_that_are_judged_together_each_keeps_its_trace()
    {
        await using var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var store = new FailingStore(memory);
        store.Hold();
        await using (var judging = new Judging(PolicyMode.Enforce, state: store, settings: new PipelineSettings { BatchesInFlight = 1 }, subscription: new Subscription(DecisionAction.Allow)))
        {
            List<Task> sent = [judging.SubmitAsync(new Login("0", TimeSpan.Zero) { Id = "first" })];
            await store.Held;
            foreach (var name in "abc")
            {
                using var activity = name == 'b' ? null : new Activity("submit").SetParentId(ActivityTraceId.CreateFromString(new string(name, 32)), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
                sent.Add(judging.SubmitAsync(new Login("1", TimeSpan.Zero) { Id = $"{name}1" }, new Login("1", TimeSpan.Zero) { Id = $"{name}2" }));
            }

            store.Release();
            await Task.WhenAll(sent);
        }

        var items = await memory.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None);
        Assert.Equal(["first .", "a1 a", "a2 a", "b1 .", "b2 .", "c1 c", "c2 c"], items.Select(item => $"{item.IdempotencyKey["decided ".Length..]} {item.Trace?[3] ?? '.'}"));
    }

    private static ActivityContext Trace(char name, ActivityTraceFlags flags) => new(ActivityTraceId.CreateFromString(new string(name, 32)), ActivitySpanId.CreateRandom(), flags);

    private static async Task BlockAsync(InMemoryStateStore store, string subject)
    {
        var block = new Block { Scope = BlockScope.Subject, Value = subject, Reason = "x", Origin = BlockOrigin.Person, CreatedAt = EventTime.From(Judging.Noon), Owner = "admin" };
        await store.AddBlockAsync(block, new BlockKey(SubjectHandle.Of(store.Hash, "default", subject)), new AuditEntry(0, block.CreatedAt, "admin", "block.add", "", ""), CancellationToken.None);
    }

    private static async Task<List<string>> OwedAsync(InMemoryStateStore store) =>
        [.. (await store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.IdempotencyKey)];

    private sealed class Subscription(DecisionAction least) : IOutboxSubscription
    {
        public DecisionAction MinimumAction => least;

        public void Decided(Effects effects, int index, ICollection<OutboxItem> owed) => owed.Add(Item($"decided {effects.Batch.String(effects.Batch[index].Id)}"));

        public void Blocked(Block block, ICollection<OutboxItem> owed) => owed.Add(Item($"blocked {block.Value} {block.EventId}"));

        public void Released(Block block, EventTime at, ICollection<OutboxItem> owed) => owed.Add(Item("released"));

        public void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed) => owed.Add(Item("labelled"));

        private static OutboxItem Item(string key) => new() { Responder = "test", OrderKey = "k", Kind = "test", IdempotencyKey = key, Payload = ReadOnlyMemory<byte>.Empty };
    }
}
