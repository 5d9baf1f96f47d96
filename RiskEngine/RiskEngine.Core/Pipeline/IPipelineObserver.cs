using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Is told of every batch once it is durable, in order, by one thread at a time: metrics, streams, the output of a replay.</summary>
/// <remarks>An observer that throws fails the batch's submitters although it is stored, so it should not. Effects must not be kept.</remarks>
public interface IPipelineObserver
{
    void Committed(Effects effects, in BatchTiming timing);
}

/// <summary>How long the stages of one batch took.</summary>
/// <param name="Sources">Label of the source of each submission in the batch, with the number of its events, in order.</param>
public readonly record struct BatchTiming(TimeSpan Load, TimeSpan Judge, TimeSpan Commit, IReadOnlyList<(string Source, int Count)> Sources);
