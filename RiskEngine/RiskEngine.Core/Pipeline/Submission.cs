using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Events on their way to the judge, and who waits for the answer.</summary>
/// <param name="Batch">The events; the submitter's again once answered or withdrawn.</param>
/// <param name="Source">Label of the source.</param>
/// <param name="Cursor">Cursor to store with the effects, or null.</param>
/// <param name="Order">What it counts in the order of; null where it may be stored before those that were submitted earlier.</param>
internal sealed record Submission(EventBatch Batch, string Source, string? Cursor, SubmissionOrder? Order = null)
{
    private int _isClaimed;

    /// <summary>Gets the trace that the submitter is in; the default for none.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public TaskCompletionSource<SubmitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Claims it, for judging or for taking it back: whoever comes first has it.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    /// <summary>Answers that it was not stored, after those behind it were kept from overtaking it.</summary>
    public void Fail(Exception failure)
    {
        Order?.Break();
        Done.TrySetException(failure);
    }

    /// <summary>Answers it where one before it has failed, and says whether it did.</summary>
    public bool FailsBehind() => Order is { IsBroken: true } && Done.TrySetException(new StateStoreException("What came before these events was not stored. Send them again after it."));
}
