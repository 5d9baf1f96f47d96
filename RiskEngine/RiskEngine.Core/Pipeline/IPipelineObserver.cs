using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Is told of every batch once it is durable, in order, by one thread at a time: metrics, streams, the output of a replay.</summary>
/// <remarks>What an observer throws is kept in <see cref="JudgeLoop.ObserverFailure"/> and changes nothing for submitters: the batch is stored. Effects must not be kept.</remarks>
public interface IPipelineObserver
{
    void Committed(Effects effects, in BatchTiming timing);
}

/// <summary>How long the stages of one batch took.</summary>
/// <param name="Sources">Label of the source of each submission in the batch, with the number of its events, in order.</param>
public readonly record struct BatchTiming(TimeSpan Load, TimeSpan Judge, TimeSpan Commit, IReadOnlyList<(string Source, int Count)> Sources);
