namespace RiskEngine.Core.Pipeline;

/// <summary>What became of the events that were submitted together, once all of it is durable.</summary>
/// <param name="Accepted">New events, now stored; probes count here although they leave no trace.</param>
/// <param name="Duplicates">Events whose id was seen before.</param>
/// <param name="TooOld">Indexes of events older than the horizon within which repeats can be told; null for none.</param>
public readonly record struct SubmitResult(int Accepted, int Duplicates, IReadOnlyList<int>? TooOld);
