using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Responders.People;
using RiskEngine.Responders.Webhook;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Responders.Tests.Webhook;

public sealed class WebhookSubscriptionTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);

    [Fact]
    public async Task A_decision_is_told_with_its_reasons_and_without_the_name()
    {
        var item = Assert.Single(await DecidedAsync(Settings(), Now));
        Assert.Equal(("webhook-soc", "decision", SubjectHandle.Of(_store.Hash, "default", "jane-42")), (item.Responder, item.Kind, item.Subject));
        var body = JsonDocument.Parse(item.Payload).RootElement;
        Assert.Equal("decision", body.GetProperty("type").GetString());
        Assert.Equal(item.IdempotencyKey, body.GetProperty("id").GetString());
        Assert.Equal("pseudonym", body.GetProperty("subject").GetString());
        Assert.Equal("203.0.113.7", body.GetProperty("source_ip").GetString());
        Assert.Equal(("challenge", false, "step-up-when-high"), (body.GetProperty("decision").GetString(), body.GetProperty("enforced").GetBoolean(), body.GetProperty("rule").GetString()));
        Assert.Equal(["impossible_travel", "feed_hit"], body.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("code").GetString()));
        foreach (var text in new[] { Encoding.UTF8.GetString(item.Payload.Span), item.OrderKey, item.IdempotencyKey }) Assert.DoesNotContain("jane", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_told_where_they_are_meant()
    {
        var body = JsonDocument.Parse((await DecidedAsync(Settings() with { Names = true, Naming = IncidentNaming.Clear }, Now))[0].Payload).RootElement;
        Assert.Equal("jane-42", body.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Equal_decisions_within_a_window_have_one_id_and_are_taken_once_and_others_have_another()
    {
        var settings = Settings();
        var first = await DecidedAsync(settings, Now);
        var later = await DecidedAsync(settings, Now + TimeSpan.FromMilliseconds(599_999));
        var next = await DecidedAsync(settings, Now + TimeSpan.FromMinutes(10));
        var other = await DecidedAsync(settings, Now, subject: "john");
        Assert.Equal(first[0].IdempotencyKey, later[0].IdempotencyKey);
        Assert.Equal(3, new[] { first, next, other }.Select(items => items[0].IdempotencyKey).Distinct().Count());
        await _store.Outbox.AddAsync([first[0], later[0], next[0], other[0]], CancellationToken.None);
        Assert.Equal(3, (await _store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Count);
        Assert.NotEqual(
            (await DecidedAsync(settings with { Window = TimeSpan.Zero }, Now))[0].IdempotencyKey, (await DecidedAsync(settings with { Window = TimeSpan.Zero }, Now, id: "other"))[0].IdempotencyKey);
    }

    [Theory]
    [InlineData(DecisionAction.Notify, false, 0)]
    [InlineData(DecisionAction.Challenge, false, 1)]
    [InlineData(DecisionAction.Block, false, 1)]
    [InlineData(DecisionAction.Notify, true, 1)]
    [InlineData(DecisionAction.Allow, true, 1)]
    public async Task Decisions_are_told_from_the_least_action_on_and_where_the_rule_says_notify(DecisionAction action, bool notify, int told) =>
        Assert.Equal(told, (await DecidedAsync(Settings(), Now, action: action, notify: notify)).Count);

    [Fact]
    public async Task Only_the_rules_that_are_named_are_told_of()
    {
        Assert.Single(await DecidedAsync(Settings() with { Rules = ["other", "step-up-when-high"] }, Now));
        Assert.Empty(await DecidedAsync(Settings() with { Rules = ["other"] }, Now, notify: true));
    }

    [Theory]
    [InlineData(EventKind.Login, true)]
    [InlineData(EventKind.SessionSeen, true)]
    [InlineData(EventKind.MfaFailed, true)]
    [InlineData(EventKind.LoginFailed, false)]
    [InlineData(EventKind.LoginAttempt, false)]
    public async Task A_link_to_report_it_by_goes_with_what_got_somewhere_and_only_where_it_is_asked_for(EventKind kind, bool isLinked)
    {
        var links = new ReportLinks(_store.Hash);
        var settings = Settings() with { ReportLink = claim => links.Link(new Uri("https://risk.example.org"), claim), ReportLinkFor = TimeSpan.FromDays(2) };
        var body = JsonDocument.Parse((await DecidedAsync(settings, Now, kind: kind))[0].Payload).RootElement;
        Assert.Equal(isLinked, body.TryGetProperty("report_url", out var link));
        Assert.False(JsonDocument.Parse((await DecidedAsync(Settings(), Now, kind: kind))[0].Payload).RootElement.TryGetProperty("report_url", out _));
        if (!isLinked) return;
        Assert.Equal(new ReportClaim("default", "e1", SubjectHandle.Of(_store.Hash, "default", "jane-42"), Now + TimeSpan.FromDays(2)), links.Read(new Uri(link.GetString()!).Segments[^1]));
        Assert.DoesNotContain("jane", link.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_told()
    {
        List<OutboxItem> owed = [];
        var subscription = new WebhookSubscription(Settings() with { Events = ResponderEvents.Releases }, _store.Hash);
        Assert.Empty(await DecidedAsync(Settings() with { Events = ResponderEvents.Releases }, Now));
        subscription.Blocked(Block(BlockScope.Ip, "203.0.113.7"), owed);
        subscription.Labelled(Stored(), Word(), owed);
        Assert.Empty(owed);
        subscription.Released(Block(BlockScope.Ip, "203.0.113.7"), Now, owed);
        Assert.Equal("release", Assert.Single(owed).Kind);
    }

    [Fact]
    public void A_block_and_its_release_keep_their_order_and_hide_whom_they_name_and_what_a_person_wrote()
    {
        List<OutboxItem> owed = [];
        var subscription = new WebhookSubscription(Settings(), _store.Hash);
        var block = Block(BlockScope.Pair, "jane-42@203.0.113.7");
        subscription.Blocked(block, owed);
        subscription.Released(block with { Id = 9 }, Now, owed);
        Assert.Equal(owed[0].OrderKey, owed[1].OrderKey);
        Assert.NotEqual(owed[0].IdempotencyKey, owed[1].IdempotencyKey);
        Assert.All(owed, item =>
        {
            var body = JsonDocument.Parse(item.Payload).RootElement;
            Assert.Equal("pseudonym@203.0.113.7", body.GetProperty("value").GetString());
            Assert.Equal(JsonValueKind.Null, body.GetProperty("reason").ValueKind);
            Assert.Equal(SubjectHandle.Of(_store.Hash, "default", "jane-42"), item.Subject);
            Assert.DoesNotContain("jane", Encoding.UTF8.GetString(item.Payload.Span) + item.OrderKey + item.IdempotencyKey, StringComparison.Ordinal);
        });
        owed.Clear();
        subscription.Blocked(block with { Origin = BlockOrigin.Policy, Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "failed at 40 names" }, owed);
        Assert.Equal("failed at 40 names", JsonDocument.Parse(owed[0].Payload).RootElement.GetProperty("reason").GetString());
        Assert.Null(owed[0].Subject);
    }

    [Fact]
    public void Feedback_is_told_with_its_label_and_its_note_only_with_names()
    {
        List<OutboxItem> owed = [];
        new WebhookSubscription(Settings(), _store.Hash).Labelled(Stored(), Word(), owed);
        new WebhookSubscription(Settings() with { Names = true, Naming = IncidentNaming.Clear }, _store.Hash).Labelled(Stored(), Word(), owed);
        var bodies = owed.Select(item => JsonDocument.Parse(item.Payload).RootElement).ToList();
        Assert.All(bodies, body => Assert.Equal("compromised", body.GetProperty("label").GetString()));
        Assert.Equal([("pseudonym", null), ("jane-42", "Jane called")], bodies.Select(body => (body.GetProperty("subject").GetString(), body.GetProperty("note").GetString())));
    }

    [Fact]
    public async Task Where_nothing_is_owed_nothing_is_allocated()
    {
        var work = (await new UnitOfWork(_store.Hash).Login("e1", Now, "jane-42").LoadAsync(_store)).Judge();
        work.Effects[0].Action = DecisionAction.Notify;
        var subscription = new WebhookSubscription(Settings(), _store.Hash);
        List<OutboxItem> owed = [];
        Assert.Equal(0, Allocations.Least(() => subscription.Decided(work.Effects, 0, owed)));
        Assert.Empty(owed);
    }

    private async Task<List<OutboxItem>> DecidedAsync(
        WebhookSettings settings, EventTime at, string subject = "jane-42", string id = "e1", DecisionAction action = DecisionAction.Challenge, bool notify = false, EventKind kind = EventKind.Login)
    {
        var work = (await new UnitOfWork(_store.Hash).Login(id, at, subject).LoadAsync(_store)).Judge();
        work.Effects.Batch[0].Kind = kind;
        work.Effects[0].Action = action;
        work.Effects[0].Notify = notify;
        List<OutboxItem> owed = [];
        new WebhookSubscription(settings, _store.Hash).Decided(work.Effects, 0, owed);
        return owed;
    }

    private static WebhookSettings Settings() => new()
    {
        Name = "webhook-soc", Url = new Uri("https://soc.example.org/"), ReadSecret = () => null, Naming = new IncidentNaming(_ => "pseudonym"),
    };

    private static Block Block(BlockScope scope, string value) => new() { Scope = scope, Value = value, Reason = "jane left", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };

    private static StoredEvent Stored() => new() { EventId = "e1", OccurredAt = Now, Kind = EventKind.Login, SubjectId = "jane-42", SourceIp = IpAddress.Parse("203.0.113.7") };

    private static Feedback Word() => new("default", "e1", FeedbackLabel.Compromised, "Jane called", "admin", Now);
}
