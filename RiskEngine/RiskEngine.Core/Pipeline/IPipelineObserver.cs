using System.Diagnostics;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Is told of every batch once it is durable, in order, by one thread at a time: metrics, streams, the output of a replay.</summary>
/// <remarks>What an observer throws is kept in <see cref="JudgeLoop.ObserverFailure"/> and changes nothing for submitters: the batch is stored. Effects must not be kept.</remarks>
public interface IPipelineObserver
{
    void Committed(Effects effects, in BatchTiming timing);
}

/// <summary>An observer that has something stored together with each batch.</summary>
/// <remarks>Called by who judges, one at a time; <see cref="IPipelineObserver.Committed"/> of batches before may be called meanwhile.</remarks>
public interface ICommitObserver : IPipelineObserver
{
    /// <summary>The batch is judged and about to be committed: the place to add to its effects.</summary>
    void Committing(Effects effects);

    /// <summary>The commit failed, and nothing of it is stored: what was added is to be taken back. Its events may be judged again.</summary>
    void Withdrawn(Effects effects);
}

/// <summary>How long the stages of one batch took. They followed one upon the other, so these and the end of the last say when each was.</summary>
/// <param name="Enrich">To join the submissions, look up facts and note the keys of the state.</param>
/// <param name="Load">To load that state.</param>
/// <param name="Judge">To detect, score, decide and learn, which take turns with every event.</param>
/// <param name="Commit">From giving the effects to the store until they were durable; batches before it included, whose turn comes first.</param>
/// <param name="Sources">Label of the source of each submission in the batch, with the number of its events, in order.</param>
/// <param name="Traces">The traces (W3C Trace Context) that submissions came with, in order; none for those without.</param>
public readonly record struct BatchTiming(
    TimeSpan Enrich, TimeSpan Load, TimeSpan Judge, TimeSpan Commit, IReadOnlyList<(string Source, int Count)> Sources, IReadOnlyList<ActivityContext> Traces);
