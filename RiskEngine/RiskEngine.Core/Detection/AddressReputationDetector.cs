using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>How the address behaved here: failures speak against it, successes a little for it.</summary>
/// <remarks>
/// The reputation shown is authentik's, successes less failures from −5 to +5, fading by half each day. Failures are weighed on their own:
/// only a small allowance for each success, or for each established subject, is taken off: an office of fifty mistypes every day, while other
/// people's successes behind one NAT do not hide a spray. A subject on its own device or address is not charged with its own typos. Silent
/// where the address says nothing. Immutable; safe for concurrent use.
/// </remarks>
public sealed class AddressReputationDetector(AddressReputationSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.AddressReputation;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        ref readonly var row = ref context.Address;
        var failures = row.Failures.At(context.Now, ReputationRow.HalfLife);
        var successes = row.Successes.At(context.Now, ReputationRow.HalfLife);
        var charged = context.IsFamiliar ? Math.Max(failures - context.PairFailures, 0) : failures;
        var subjects = row.Subjects.Count(context.Now, ReputationRow.SubjectsEpoch);
        var allowance = Math.Max(settings.AllowancePerSuccess * successes, settings.AllowancePerSubject * subjects);
        var bad = ReputationScale.Bad(charged - allowance, settings.Tolerance);
        var evidence = bad > 0 ? settings.Evidence * bad : -settings.GoodEvidence * ReputationScale.Good(successes - failures);
        return Evidence.Of(Code, evidence, row.Shown(context.Now), failures, successes);
    }
}
