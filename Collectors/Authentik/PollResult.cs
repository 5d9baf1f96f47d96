using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Takes rows: judges and stores them with the cursor, all or nothing, and returns once that is durable.</summary>
/// <param name="batch">The events, oldest first; may be empty where only the cursor moves. The caller's again afterwards.</param>
/// <param name="cursor">To be stored in the same transaction; null where the source has none.</param>
public delegate Task TakeRows(EventBatch batch, IReadOnlyList<RejectedRecord> rejected, string? cursor, CancellationToken cancellation);

/// <summary>What a poll came to.</summary>
/// <param name="Rows">New rows taken.</param>
/// <param name="Waiting">Rows that authentik has and that were not taken yet, as far as it says.</param>
/// <param name="Fault">What ended it early, or null. What was taken before stays taken.</param>
public sealed record PollResult(int Rows, long Waiting, PollFault? Fault)
{
    /// <summary>Gets the rows that wait because they are dated too far ahead; each is told of once.</summary>
    public int Ahead { get; init; }

    /// <summary>Gets what is not known although nothing failed, and what would mend it; null for nothing. It is told once.</summary>
    public string? Note { get; init; }
}
