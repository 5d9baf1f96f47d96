using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Why a submission was not answered with success.</summary>
public enum SubmissionFailure
{
    /// <summary>The queue stayed full for as long as a submitter waits; nothing was taken.</summary>
    NoRoom,

    /// <summary>It stood in the queue for that long and was taken back; nothing was taken.</summary>
    Waited,

    /// <summary>It was taken and its answer did not come in time; whether it was stored is not known.</summary>
    Unanswered,

    /// <summary>The store could not take it.</summary>
    Store,

    /// <summary>By itself it could not be judged or stored; what had been joined with it was.</summary>
    Poison,
}

/// <summary>Counts submissions that failed, by reason. Thread-safe.</summary>
public sealed class SubmissionFailures
{
    private readonly long[] _counts = new long[Enum.GetValues<SubmissionFailure>().Length];

    public long Count(SubmissionFailure failure) => Interlocked.Read(ref _counts[(int)failure]);

    internal void Note(SubmissionFailure failure) => Interlocked.Increment(ref _counts[(int)failure]);

    /// <summary>Counts what a submitter is told, and says which it is: the store's own words, or that the events are at fault.</summary>
    internal Exception Note(Exception failure)
    {
        Note(failure is StateStoreException ? SubmissionFailure.Store : SubmissionFailure.Poison);
        return failure is StateStoreException ? failure : new PoisonSubmissionException(failure);
    }
}
