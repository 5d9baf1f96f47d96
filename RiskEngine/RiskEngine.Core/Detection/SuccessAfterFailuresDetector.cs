using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A login works, or is attempted, right after a burst of failures: a guess may have hit.</summary>
/// <remarks>
/// Three bursts, the strongest speaks: this address on this subject, this address on many names, other addresses on this subject; each only while its
/// last failure is recent. Silent for logins that something familiar vouches for; a subject at an address it knows may fumble, and is not charged
/// with what others do elsewhere. Where the address says nothing, only the failures on the subject do. Numbers: the count, 1 for this address on this subject, 2 for names from this address, 3 for other addresses.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class SuccessAfterFailuresDetector(SuccessAfterFailuresSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.SuccessAfterFailures;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsSuccessOrAttempt || context.IsFamiliar) return null;
        if (!context.IsAddressEvaluable)
        {
            var anywhere = Judge(context, context.Profile.Failures.AsOf, context.SubjectFailures, settings.MinimumFailuresElsewhere, 3);
            return anywhere.Evidence == 0 ? null : anywhere;
        }

        var strongest = Names(context);
        if (context.Summary.SameAddress > 0) return strongest.Evidence == 0 ? null : strongest;

        var pair = Judge(context, context.Pair.Failures.AsOf, context.PairFailures, settings.MinimumFailures, 1);
        if (pair.Evidence > strongest.Evidence) strongest = pair;
        var elsewhere = Math.Max(context.SubjectFailures - context.PairFailures, 0);
        var others = Judge(context, context.Profile.Failures.AsOf, elsewhere, settings.MinimumFailuresElsewhere, 3);
        if (others.Evidence > strongest.Evidence) strongest = others;
        return strongest.Evidence == 0 ? null : strongest;
    }

    private Signal Names(in LoginContext context)
    {
        var names = Estimates.FailedNames(context.Address, context.Now);
        if (names <= settings.MinimumNames) return default;
        var subjects = Estimates.Subjects(context.Address, context.Now);
        return Judge(context, context.Address.Failures.AsOf, names, settings.MinimumNames + (settings.NamesPerSubject * subjects), 2);
    }

    private Signal Judge(in LoginContext context, uint lastFailure, double count, double minimum, int what)
    {
        if (lastFailure == 0 || (context.Now > lastFailure && context.Now - lastFailure > settings.Window.TotalSeconds)) return default;
        return new Signal(Code, settings.Evidence * Ramp.Share(count, minimum, settings.Growth), count, what);
    }
}
