using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Responders.Authentik;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Responders.Tests.Authentik;

public sealed class AuthentikSubscriptionTests
{
    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);

    [Theory]
    [InlineData(EventKind.Login, true)]
    [InlineData(EventKind.SessionSeen, true)]
    [InlineData(EventKind.TokenUsed, true)]
    [InlineData(EventKind.PasswordChanged, true)]
    [InlineData(EventKind.LoginFailed, false)]
    [InlineData(EventKind.LoginAttempt, false)]
    [InlineData(EventKind.MfaFailed, false)]
    public async Task Whoever_only_guesses_changes_nothing_at_the_account_he_guesses_at(EventKind kind, bool acted) =>
        Assert.Equal(acted ? 4 : 0, (await DecidedAsync(Acting.Everything, kind: kind)).Count);

    [Theory]
    [InlineData(DecisionAction.Block, true, 1)]
    [InlineData(DecisionAction.Block, false, 0)]
    [InlineData(DecisionAction.Challenge, true, 0)]
    [InlineData(DecisionAction.Notify, true, 0)]
    public async Task Only_an_enforced_block_puts_a_person_at_risk_unless_less_is_meant(DecisionAction action, bool enforced, int owed) =>
        Assert.Equal(owed, (await DecidedAsync(new AuthentikActs(), action, enforced)).Count);

    [Fact]
    public async Task A_challenge_does_where_that_is_meant() =>
        Assert.Single(await DecidedAsync(new AuthentikActs { MinimumAction = DecisionAction.Challenge }, DecisionAction.Challenge));

    [Fact]
    public async Task A_rule_that_only_notifies_puts_nobody_at_risk()
    {
        var work = (await new UnitOfWork(_store.Hash).Login("e1", Acting.Now, "42").LoadAsync(_store)).Judge();
        (work.Effects[0].Action, work.Effects[0].Enforced, work.Effects[0].Notify) = (DecisionAction.Notify, true, true);
        List<OutboxItem> owed = [];
        new AuthentikSubscription(Acting.Everything, _store.Hash).Decided(work.Effects, 0, owed);
        Assert.Empty(owed);
    }

    [Fact]
    public async Task Each_act_has_an_order_of_its_own_so_that_one_that_is_forbidden_holds_back_no_other()
    {
        var owed = await DecidedAsync(Acting.Everything);
        Assert.Equal(4, owed.Select(item => item.OrderKey).Distinct().Count());
        Assert.Equal(4, owed.Select(item => item.IdempotencyKey).Distinct().Count());
        Assert.All(owed, item => Assert.Equal(SubjectHandle.Of(_store.Hash, "default", "42"), item.Subject));
        Assert.DoesNotContain(owed, item => (item.OrderKey + item.IdempotencyKey).Contains("name-of-42", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_wishes_about_one_person_that_wait_only_the_last_is_kept()
    {
        await _store.Outbox.AddAsync(await DecidedAsync(new AuthentikActs()), CancellationToken.None);
        List<OutboxItem> owed = [];
        var stored = new StoredEvent { EventId = "e1", OccurredAt = Acting.Now, Kind = EventKind.Login, SubjectId = "42", SubjectName = "name-of-42" };
        new AuthentikSubscription(new AuthentikActs(), _store.Hash).Labelled(stored, new Feedback("default", "e1", FeedbackLabel.Safe, "", "admin", Acting.Now), owed);
        await _store.Outbox.AddAsync(owed, CancellationToken.None);
        Assert.Equal(owed[0].IdempotencyKey, Assert.Single(await _store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).IdempotencyKey);
    }

    [Fact]
    public async Task Who_has_the_same_number_in_another_tenant_is_somebody_else()
    {
        using var acting = new Acting(new Uri("http://127.0.0.1:1"), Acting.Everything);
        Assert.Empty(await DecidedAsync(Acting.Everything, tenant: "b"));
        Assert.Empty(acting.Word(FeedbackLabel.Compromised, tenant: "b").Concat(acting.Word(FeedbackLabel.Safe, tenant: "b")));
        Assert.Empty(acting.Released(BlockScope.Subject, "42", "b").Concat(acting.Released(BlockScope.Pair, "42@203.0.113.7", "b")));
        Assert.Equal(4, (await DecidedAsync(Acting.Everything, tenant: "default")).Count);
    }

    [Theory, InlineData(EndedSessions.All), InlineData(EndedSessions.Login)]
    public async Task Somebody_at_risk_who_does_a_thousand_things_is_acted_upon_once(EndedSessions ended)
    {
        var acts = Acting.Everything with { EndSessions = ended };
        for (var i = 0; i < 1000; i++) await _store.Outbox.AddAsync(await DecidedAsync(acts, kind: EventKind.TokenUsed, id: $"e{i}"), CancellationToken.None);
        Assert.Equal(4, (await _store.Outbox.ListAsync(new OutboxQuery { Limit = 1000 }, CancellationToken.None)).Count);

        // Sessions elsewhere are others; so is an event of another hour.
        await _store.Outbox.AddAsync(await DecidedAsync(acts, at: Acting.Now + TimeSpan.FromHours(1), address: "198.51.100.9"), CancellationToken.None);
        Assert.Equal(ended == EndedSessions.Login ? 6 : 5, (await _store.Outbox.ListAsync(new OutboxQuery { Limit = 1000 }, CancellationToken.None)).Count);
    }

    private async Task<List<OutboxItem>> DecidedAsync(
        AuthentikActs acts, DecisionAction action = DecisionAction.Block, bool enforced = true, EventKind kind = EventKind.Login, string? tenant = null, string id = "e1", EventTime? at = null, string address = "203.0.113.7")
    {
        var added = new UnitOfWork(_store.Hash).Login(id, at ?? Acting.Now, "42", address, kind);
        if (tenant is not null) added.Batch[0].Tenant = added.Batch.Append(System.Text.Encoding.UTF8.GetBytes(tenant));
        var work = (await added.LoadAsync(_store)).Judge();
        (work.Effects[0].Action, work.Effects[0].Enforced) = (action, enforced);
        List<OutboxItem> owed = [];
        new AuthentikSubscription(acts, _store.Hash).Decided(work.Effects, 0, owed);
        return owed;
    }
}
