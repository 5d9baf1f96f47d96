using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Second factors fail on the subject again and again: somebody who has the password asks until the answer is yes.</summary>
/// <remarks>
/// Counts failed factors that fade by half every ten minutes; a failure counts itself. The success that follows is judged by what failed before it,
/// wherever it comes from, for the answer is given on the subject's own telephone. Number: failed factors.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class MfaFatigueDetector(MfaFatigueSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.MfaFatigue;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Event.Kind is not (EventKind.Login or EventKind.LoginAttempt or EventKind.MfaFailed)) return null;
        var failed = context.Profile.FailedFactors.At(context.Now, SubjectProfile.FactorHalfLife) + (context.Event.Kind == EventKind.MfaFailed ? 1 : 0);
        return Evidence.Of(Code, settings.Evidence * Ramp.Share(failed, settings.MinimumFailures, settings.Growth), failed);
    }
}
