using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>What is still owed to responders. Items come in with the effects of a batch, with the act of a person, or by <see cref="AddAsync"/>.</summary>
/// <remarks>
/// <para>Thread-safe. Changes are durable when their task completes; every method may fail with a <see cref="StateStoreException"/>.</para>
/// <para>
/// <b>Bounded.</b> Of a responder only so many items wait, and as many dead letters are kept. What comes when it is full is a dead letter at once, and of
/// these the oldest goes. So neither a login nor the store ever waits for a responder.
/// </para>
/// </remarks>
public interface IOutbox
{
    /// <summary>How long anything stays: then it goes, delivered or not.</summary>
    static readonly TimeSpan LongestAge = TimeSpan.FromDays(30);

    /// <summary>Reason of a dead letter for which there was no room.</summary>
    const string Full = "full";

    /// <summary>Reason of a dead letter beyond <see cref="OutboxItem.MostPerHour"/>.</summary>
    const string RateLimited = "rate_limited";

    /// <summary>Gets who is told of what is new and what was given up.</summary>
    OutboxSignals Signals { get; }

    /// <summary>Gets how often items left in another way than through their pump: erased, dropped, revived. Who holds items asks again when it has changed.</summary>
    long Removals { get; }

    /// <summary>Items that may be tried now, in order.</summary>
    ValueTask<OutboxBatch> TakeAsync(OutboxRequest request, CancellationToken cancellationToken);

    ValueTask AddAsync(IReadOnlyList<OutboxItem> items, CancellationToken cancellationToken);

    /// <summary>It is done. One that is gone already is no fault.</summary>
    ValueTask CompleteAsync(long id, CancellationToken cancellationToken);

    /// <summary>It failed and is to be tried again, not before <paramref name="due"/>.</summary>
    ValueTask PostponeAsync(long id, EventTime due, string failure, CancellationToken cancellationToken);

    /// <summary>It is given up and becomes a dead letter.</summary>
    /// <param name="reason">From a closed set, for the metric.</param>
    /// <param name="failure">In words.</param>
    ValueTask KillAsync(long id, string reason, string failure, CancellationToken cancellationToken);

    /// <summary>How many wait and how many were given up, for every responder that has any.</summary>
    ValueTask<IReadOnlyList<OutboxDepth>> DepthsAsync(CancellationToken cancellationToken);

    /// <summary>Items in the order of their numbers.</summary>
    ValueTask<IReadOnlyList<OutboxItem>> ListAsync(OutboxQuery query, CancellationToken cancellationToken);

    /// <summary>Makes an item wait anew, due at once, in its old place; false where there is none with that number.</summary>
    ValueTask<bool> ReviveAsync(long id, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Removes an item, waiting or dead; false where there is none with that number.</summary>
    ValueTask<bool> DropAsync(long id, AuditEntry audit, CancellationToken cancellationToken);
}

/// <summary>Who is told of the outbox. Called once it is durable, on the thread that made it so; must neither block nor throw.</summary>
public sealed class OutboxSignals
{
    /// <summary>Gets or sets who is told that there may be something to do, and for which responder.</summary>
    public Action<string>? Owed { get; set; }

    /// <summary>Gets or sets who is told of dead letters: responder and reason.</summary>
    public Action<string, string>? Dead { get; set; }
}

/// <param name="Responder">Whose items.</param>
/// <param name="Now">The time that they have to be due by.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Except">Order keys that somebody works on already.</param>
public sealed record OutboxRequest(string Responder, EventTime Now, int Limit, IReadOnlyCollection<string> Except);

/// <param name="Items">Items by number. Of an order key they are its first ones without a gap, and the first of them is due.</param>
/// <param name="NextDue">Where there are none: when the next one is; null where nothing waits, but for the keys left out.</param>
public sealed record OutboxBatch(IReadOnlyList<OutboxItem> Items, EventTime? NextDue);

/// <param name="Oldest">When the oldest that waits was stored; null where none does.</param>
public sealed record OutboxDepth(string Responder, long Waiting, long Dead, EventTime? Oldest);

/// <summary>Which items to list; null means "any".</summary>
public sealed record OutboxQuery
{
    public string? Responder { get; init; }

    public bool? IsDead { get; init; }

    /// <summary>Gets the number after which to begin.</summary>
    public long After { get; init; }

    /// <value>1 to 1,000.</value>
    public int Limit { get; init; } = 100;
}
