using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>One thing that is owed to a responder, stored with what it is owed for and kept until it is done or given up.</summary>
/// <remarks>
/// Delivered at least once and in the order of storing within <see cref="OrderKey"/>. A crash between delivery and completion repeats it with the same
/// <see cref="IdempotencyKey"/>. Immutable.
/// </remarks>
public sealed record OutboxItem
{
    /// <summary>Gets its number, given out by the store, rising; never used twice.</summary>
    public long Id { get; init; }

    /// <summary>Gets the name of the responder that it is owed to.</summary>
    public required string Responder { get; init; }

    /// <summary>Gets what has to keep its order, such as "subject/42": an item waits until the earlier ones of the same key are done.</summary>
    public required string OrderKey { get; init; }

    /// <summary>Gets what is to be done, in the responder's own words.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets what the receiver tells a repetition by.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Gets what the responder needs to do it, in the responder's own form.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Gets whether it says how something is to be from now on, so that what still waits under the same key and kind is out of date and goes.</summary>
    public bool IsLatestWish { get; init; }

    /// <summary>Gets for how long another item of the same responder with the same <see cref="IdempotencyKey"/> is not taken; zero where each one counts.</summary>
    public TimeSpan OnceFor { get; init; }

    /// <summary>Gets how many items with such a bound its responder may be owed within an hour of the clock; zero for no bound. One too many is a dead letter at once.</summary>
    public int MostPerHour { get; init; }

    /// <summary>Gets whom <see cref="OrderKey"/> or <see cref="Payload"/> tells something of, see <see cref="SubjectHandle"/>: erased with that subject. Null for nobody.</summary>
    public UInt128? Subject { get; init; }

    /// <summary>Gets the trace in which it came to be owed, as a header <c>traceparent</c>, so that its delivery leads there; null where that was not recorded.</summary>
    public string? Trace { get; init; }

    /// <summary>Gets when the store took it, or when somebody revived it, by the clock.</summary>
    public EventTime CreatedAt { get; init; }

    /// <summary>Gets when it may be tried next, by the clock.</summary>
    public EventTime DueAt { get; init; }

    /// <summary>Gets how often it was tried and failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets why it failed last; empty where it never did.</summary>
    public string LastFailure { get; init; } = "";

    /// <summary>Gets whether it was given up: a dead letter, kept for a person to look at.</summary>
    public bool IsDead { get; init; }
}
