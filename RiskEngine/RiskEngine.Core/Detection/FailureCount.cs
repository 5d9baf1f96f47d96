namespace RiskEngine.Core.Detection;

/// <summary>Counts the login under judgement itself: rows hold what was before it.</summary>
internal static class FailureCount
{
    /// <summary>1 for a failure of a subject that has not failed from this address lately, so that its pair is not among those counted yet; else 0.</summary>
    public static int OfThisPair(in LoginContext context) => context.IsFailure && context.PairFailures < 0.25f ? 1 : 0;
}
