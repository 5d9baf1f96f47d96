using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Outbound;
using RiskEngine.Responders.Authentik;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Responders.Tests.Authentik;

/// <summary>A responder that acts at a fake authentik, on items as the subscription makes them of words and releases.</summary>
internal sealed class Acting : IDisposable
{
    public static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private readonly OutboundClient _client;
    private readonly AuthentikSubscription _subscription;

    public Acting(Uri url, AuthentikActs? acts = null, string? token = FakeAuthentik.Token, int timeout = 60_000, Func<string, string?>? nameOf = null)
    {
        var target = new AuthentikTarget { Url = url, ReadToken = () => token, NameOf = (id, _) => ValueTask.FromResult((nameOf ?? (one => one == "42" ? "jane" : null))(id)), Acts = acts ?? new AuthentikActs() };
        _client = new OutboundClient(new OutboundTarget { Timeout = TimeSpan.FromMilliseconds(timeout) }, TimeProvider.System);
        Responder = new AuthentikResponder(target, _client);
        _subscription = new AuthentikSubscription(target.Acts, Hash);
    }

    public static KeyedHash Hash { get; } = new(new InMemoryStoreSettings().HashKey.Span);

    public AuthentikResponder Responder { get; }

    public static AuthentikActs Everything { get; } = new() { EndSessions = EndedSessions.All, Deactivate = true, ForgetReputation = true, SuspiciousRequest = true };

    /// <summary>What is owed because somebody says that of a login.</summary>
    public List<OutboxItem> Word(FeedbackLabel label, string id = "42", string name = "jane", string address = "203.0.113.7", string tenant = "default")
    {
        List<OutboxItem> owed = [];
        var stored = new StoredEvent { Tenant = tenant, EventId = "e1", OccurredAt = Now, Kind = EventKind.Login, SubjectId = id, SubjectName = name, SourceIp = IpAddress.Parse(address) };
        _subscription.Labelled(stored, new Feedback(tenant, "e1", label, "", "admin", Now), owed);
        return owed;
    }

    public List<OutboxItem> Released(BlockScope scope, string value, string tenant = "default")
    {
        List<OutboxItem> owed = [];
        _subscription.Released(new Block { Id = 7, Tenant = tenant, Scope = scope, Value = value, Reason = "x", Origin = BlockOrigin.Policy, CreatedAt = Now }, Now, owed);
        return owed;
    }

    /// <summary>Does all of it and says what became of each.</summary>
    public async Task<List<DeliveryResult>> DoAsync(IEnumerable<OutboxItem> items)
    {
        List<DeliveryResult> results = [];
        foreach (var item in items) results.Add(await Responder.DeliverAsync(item, CancellationToken.None));
        return results;
    }

    public void Dispose() => _client.Dispose();
}
