using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Passwords are being guessed for one subject.</summary>
/// <remarks>
/// Two counts: failures on this subject from this address, and failures on it from elsewhere. Both speak only against a login that nothing familiar
/// vouches for, so that the subject on its own device is not locked out by its attacker; at an address it knows, failures from elsewhere
/// are not held against it and its own count for half. A failed login counts itself. Where the address says nothing, all failures on the
/// subject count as from elsewhere.
/// Numbers: failures from this address, failures from elsewhere. Immutable; safe for concurrent use.
/// </remarks>
public sealed class BruteForceDetector(BruteForceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.BruteForce;

    public Signal? Detect(in LoginContext context)
    {
        if (context.IsFamiliar) return null;
        if (!context.IsAddressEvaluable) return Anywhere(context);
        var atHome = context.Summary.SameAddress > 0;
        var here = context.PairFailures + (context.IsFailure ? 1 : 0);
        var elsewhere = Math.Max(context.SubjectFailures - context.PairFailures, 0);
        var fromHere = settings.Evidence * Ramp.Share(atHome ? here / 2 : here, settings.MinimumFailures, settings.Growth);
        var fromElsewhere = atHome ? 0 : settings.ElsewhereEvidence * Ramp.Share(elsewhere, settings.MinimumFailuresElsewhere, settings.Growth);
        return Evidence.Of(Code, Math.Max(fromHere, fromElsewhere), here, elsewhere);
    }

    private Signal? Anywhere(in LoginContext context)
    {
        var failures = context.SubjectFailures + (context.IsFailure ? 1 : 0);
        return Evidence.Of(Code, settings.ElsewhereEvidence * Ramp.Share(failures, settings.MinimumFailuresElsewhere, settings.Growth), 0, failures);
    }
}
