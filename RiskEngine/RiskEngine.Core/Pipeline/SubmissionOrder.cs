namespace RiskEngine.Core.Pipeline;

/// <summary>Submissions that count in their order, several of them on their way: once one has failed, those behind it fail too, so that none is stored before it.</summary>
/// <remarks>
/// Send all that failed again, in their order and under a new one. One that was on its way already when one before it failed may have been stored: it shares no row
/// with that one. Thread-safe.
/// </remarks>
public sealed class SubmissionOrder
{
    private volatile bool _isBroken;

    /// <summary>Gets whether one has failed.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Says that one has failed, before it is answered.</summary>
    internal void Break() => _isBroken = true;
}
