using System.Collections.Concurrent;
using RiskEngine.Core.State;
using RiskEngine.Responders.Delivery;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Responders.Tests.Delivery;

/// <summary>A pump on a store in memory and a clock that moves when a test says so; the responder answers what the test tells it to.</summary>
internal sealed class Pumping
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public Pumping(PumpSettings? settings = null, IOutbox? outbox = null)
    {
        Store = new InMemoryStateStore(new InMemoryStoreSettings(), Clock);
        Outbox = outbox ?? Store.Outbox;
        Outbox.Signals.Dead = (responder, reason) => Dead.Add($"{responder}/{reason}");
        Outbox.Signals.Owed = _ => Pump!.Wake();
        Pump = new OutboxPump(new Scripted(this), Outbox, settings ?? new PumpSettings(), Watch, Clock);
    }

    public ManualTimeProvider Clock { get; } = new(Start);

    public InMemoryStateStore Store { get; }

    public IOutbox Outbox { get; }

    public OutboxPump Pump { get; }

    public Watched Watch { get; } = new();

    public List<string> Dead { get; } = [];

    /// <summary>Gets what was delivered or tried, in order, by idempotency key.</summary>
    public ConcurrentQueue<string> Tried { get; } = [];

    /// <summary>Gets or sets what the responder answers.</summary>
    public Func<OutboxItem, CancellationToken, Task<DeliveryResult>> Answer { get; set; } = (_, _) => Task.FromResult(DeliveryResult.Delivered);

    public void Answers(DeliveryResult result) => Answer = (_, _) => Task.FromResult(result);

    public async Task OweAsync(params string[] keys) => await Outbox.AddAsync([.. keys.Select(key => Item(key))], CancellationToken.None);

    /// <summary>An item called "key-name": the part in front of the dash is its order key.</summary>
    public static OutboxItem Item(string name) => new()
    {
        Responder = "web", OrderKey = name.Split('-')[0], Kind = "notify", IdempotencyKey = name, Payload = ReadOnlyMemory<byte>.Empty,
    };

    /// <summary>Turns until nothing is left to do at this time.</summary>
    public async Task<TimeSpan> RunAsync()
    {
        while (true)
        {
            var before = Tried.Count;
            var wait = await Pump.TurnAsync(CancellationToken.None, CancellationToken.None);
            await Pump.IdleAsync();
            if (Tried.Count == before && wait > TimeSpan.Zero) return await Pump.TurnAsync(CancellationToken.None, CancellationToken.None);
        }
    }

    public async Task<IReadOnlyList<OutboxItem>> LeftAsync(bool isDead = false) => await Outbox.ListAsync(new OutboxQuery { IsDead = isDead, Limit = 1000 }, CancellationToken.None);

    private sealed class Scripted(Pumping test) : IResponder
    {
        public string Name => "web";

        public Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken)
        {
            test.Tried.Enqueue(item.IdempotencyKey);
            return test.Answer(item, cancellationToken);
        }
    }

    internal sealed class Watched : IDeliveryObserver
    {
        public ConcurrentQueue<string> Told { get; } = [];

        public ConcurrentQueue<string> Outcomes { get; } = [];

        void IDeliveryObserver.Tried(string responder, DeliveryResult result, TimeSpan took) => Outcomes.Enqueue(result.Reason);

        public void TargetChanged(string responder, bool isDown, string words) => Told.Enqueue(isDown ? $"down: {words}" : "up");

        public void GivenUp(OutboxItem item, string reason, string words) => Told.Enqueue($"{item.IdempotencyKey} given up: {reason}");

        public void StoreFailed(string responder, string words) => Told.Enqueue("store failed");

        public void Threw(string responder, Exception failure) => Told.Enqueue($"threw {failure.GetType().Name}");
    }
}
