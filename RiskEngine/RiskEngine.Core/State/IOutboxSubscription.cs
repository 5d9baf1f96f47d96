using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>What one responder wants done, and of what: turns decisions and acts into items of the outbox.</summary>
/// <remarks>Pure, immutable and safe for concurrent use: what it adds is stored in the transaction of what it is owed for. Adds nothing where nothing is owed, and then allocates nothing.</remarks>
public interface IOutboxSubscription
{
    /// <summary>Gets the least action it wants to hear of; the judge does not ask it of others.</summary>
    DecisionAction MinimumAction { get; }

    /// <summary>An event was judged, for the first time and for good.</summary>
    void Decided(Effects effects, int index, ICollection<OutboxItem> owed);

    /// <summary>A block was made: by a rule, then without a number yet, or by a person.</summary>
    void Blocked(Block block, ICollection<OutboxItem> owed);

    /// <summary>A person ended a block.</summary>
    void Released(Block block, EventTime at, ICollection<OutboxItem> owed);

    /// <summary>A person said what an event was.</summary>
    void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed);
}
