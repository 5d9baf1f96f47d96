using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>How the other addresses of the /24 or /48 behaved here.</summary>
/// <remarks>
/// Like <see cref="AddressReputationDetector"/>, of the neighbours alone: what the address itself did is taken off, so that nothing is counted twice.
/// Weaker, for neighbours need not be one person. Silent where the address says nothing. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NetworkReputationDetector(NetworkReputationSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NetworkReputation;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        var now = context.Now;
        ref readonly var row = ref context.Network;
        ref readonly var own = ref context.Address;
        var failures = Math.Max(row.Failures.At(now, ReputationRow.HalfLife) - own.Failures.At(now, ReputationRow.HalfLife), 0);
        var successes = Math.Max(row.Successes.At(now, ReputationRow.HalfLife) - own.Successes.At(now, ReputationRow.HalfLife), 0);
        var bad = ReputationScale.Bad(failures - (settings.AllowancePerSuccess * successes), settings.Tolerance);
        var evidence = bad > 0 ? settings.Evidence * bad : -settings.GoodEvidence * ReputationScale.Good(successes - failures);
        return Evidence.Of(Code, evidence, Math.Clamp(successes - failures, -5, 5), failures, successes);
    }
}
