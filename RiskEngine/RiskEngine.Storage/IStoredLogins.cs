using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage;

/// <summary>Goes through the judged events of a store in the order in which they were stored, without changing it, also while servers use it.</summary>
/// <remarks>What is stored after the opening is left out. Blocks its thread while it reads. Used by one thread; disposing of it ends the reading.</remarks>
public interface IStoredLogins : IDisposable
{
    /// <summary>Gets the newest event time that the store has seen.</summary>
    EventTime Newest { get; }

    /// <summary>Gets how many rows could not be read so far: damaged ones. They are passed over.</summary>
    long Damaged { get; }

    /// <summary>Hands out every judged event that happened at a time or later, one after the other in the same object.</summary>
    /// <param name="since">Null for all that are kept.</param>
    /// <exception cref="StateStoreException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    void Read(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation);

    /// <summary>The same of events that were at least of low risk, which is a small part of them; <see cref="StoredLogin.FirstLogin"/> is not known.</summary>
    void ReadRisky(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation);

    /// <summary>The same of every event, also of those whose kind is not judged; <see cref="StoredLogin.FirstLogin"/> is not known.</summary>
    void ReadAll(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation);

    /// <summary>The last word on every event that somebody said anything of, in the order in which these words were said.</summary>
    /// <exception cref="StateStoreException">The store failed.</exception>
    IReadOnlyList<StoredWord> Words();

    /// <summary>Gets the hash that the store makes pseudonyms with.</summary>
    /// <exception cref="StateStoreException">The store has no key, or one of another length.</exception>
    KeyedHash Hash();
}
