namespace RiskEngine.Core.Pipeline;

/// <summary>The pipeline did not get to the submission within the time-out; nothing of it was taken.</summary>
public sealed class PipelineBusyException() : Exception("The pipeline is busy and took nothing. Send the events again later.");

/// <summary>The submission was taken and not answered within the time-out: whether it was stored is not known. Send it again; what has an id counts once.</summary>
/// <param name="completion">Completes when the pipeline is done with the batch, which belongs to it until then.</param>
public sealed class PipelineTimeoutException(Task<SubmitResult> completion) : Exception("The events were taken and the store has not answered yet. Send them again later; what was stored counts as repeated.")
{
    public Task<SubmitResult> Completion { get; } = completion;
}

/// <summary>The submission could not be judged or stored although nothing else was with it. Sending it again does not help.</summary>
public sealed class PoisonSubmissionException(Exception cause)
    : Exception($"These events cannot be judged ({cause.GetType().Name}); nothing of them was kept, and other events were not touched.", cause);
