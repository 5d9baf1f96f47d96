using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Remembers what judging needs: the hot path of storage.</summary>
/// <remarks>
/// <para>
/// <b>Order.</b> <see cref="CommitAsync"/> makes the effects visible to every later <see cref="LoadAsync"/> before it returns its task, and durable
/// when the task completes. So a judge loop may load and judge the next batch while earlier ones are on their way to the disk.
/// </para>
/// <para>
/// <b>Failure.</b> A commit that fails was not applied, durably or otherwise: the store returns to its last durable state, and every commit that
/// began after the failed one fails too, because it was built on it. Nothing of these was acknowledged, so their sources send them again.
/// </para>
/// <para>
/// <b>Threads.</b> One thread at a time may commit. Any thread may load at any time and sees each row whole.
/// </para>
/// <para>
/// <b>Repeats.</b> Event ids are known for <see cref="Horizon"/> of event time behind the watermark; the judge refuses older events as too old.
/// </para>
/// </remarks>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>How far behind the newest event a repeat can still be told: seven days.</summary>
    static readonly TimeSpan Horizon = TimeSpan.FromDays(7);

    /// <summary>Gets the secret under which subjects, names and ids are hashed; made with the store and kept in it.</summary>
    KeyedHash Hash { get; }

    /// <summary>Gets standing blocks; changed through <see cref="IRecordStore"/> and by commits.</summary>
    BlockTable Blocks { get; }

    /// <summary>Gets the allow list.</summary>
    BlockTable AllowList { get; }

    /// <summary>Waits until a load would begin at once. What comes meanwhile may join the unit of work that is loaded then.</summary>
    ValueTask ReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Fills the rows of every key in the view. Rows that the store does not have stay at their default, not found.</summary>
    ValueTask LoadAsync(StateView view, CancellationToken cancellationToken);

    /// <summary>Takes dirty rows, what the judge carries, accepted events with their assessments, new blocks, what is owed to responders, cursors and the watermark, all or nothing.</summary>
    /// <exception cref="StateStoreException">The effects were not stored; see the remarks on failure.</exception>
    ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken);
}

/// <summary>A store cannot do what it was asked, with words for the operator.</summary>
public sealed class StateStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets whether nothing is wrong but that somebody else was faster: load and judge it again.</summary>
    public bool IsConflict { get; init; }
}
