using System.Diagnostics;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Pipeline;

/// <summary>Events on their way to the judge, and who waits for the answer.</summary>
/// <param name="Batch">The events; the submitter's again once answered or withdrawn.</param>
/// <param name="Source">Label of the source.</param>
/// <param name="Cursor">Cursor to store with the effects, or null.</param>
internal sealed record Submission(EventBatch Batch, string Source, string? Cursor)
{
    private int _isClaimed;

    /// <summary>Gets the trace that the submitter is in; the default for none.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public TaskCompletionSource<SubmitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Claims it, for judging or for taking it back: whoever comes first has it.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;
}
