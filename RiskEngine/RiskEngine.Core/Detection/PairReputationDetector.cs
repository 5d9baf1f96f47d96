using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>How this subject behaved from this address.</summary>
/// <remarks>
/// The reputation shown is successes less failures, from −5 to +5, fading by half each day. Failures are not held against a login that
/// something familiar vouches for: they are the subject's own typos. Silent where the address says nothing. Immutable; safe for concurrent use.
/// </remarks>
public sealed class PairReputationDetector(PairReputationSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.PairReputation;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        var failures = context.PairFailures;
        var successes = context.Pair.Successes.At(context.Now, ReputationRow.HalfLife);
        var bad = context.IsFamiliar ? 0 : ReputationScale.Bad(failures - successes, settings.Tolerance);
        var evidence = bad > 0 ? settings.Evidence * bad : -settings.GoodEvidence * ReputationScale.Good(successes - failures);
        return Evidence.Of(Code, evidence, Math.Clamp(successes - failures, -5, 5), failures, successes);
    }
}
