using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>One address fails on many names.</summary>
/// <remarks>
/// Names, not attempts, in the last six to twelve hours; a failed login counts its own. Judged relative to the established subjects of the address:
/// an office where a hundred people now and then mistype is quiet, a home with fifteen failing names is not. Little is said of a login
/// that something familiar vouches for. Silent where the address says nothing.
/// Numbers: names, established subjects. Immutable; safe for concurrent use.
/// </remarks>
public sealed class PasswordSprayDetector(PasswordSpraySettings settings) : IDetector
{
    public SignalCode Code => SignalCode.PasswordSpray;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        var names = Estimates.FailedNames(context.Address, context.Now) + Estimates.ThisPair(context);
        if (names <= settings.MinimumNames) return null;
        var subjects = Estimates.Subjects(context.Address, context.Now);
        var share = Ramp.Share(names, settings.MinimumNames + (settings.NamesPerSubject * subjects), settings.Growth);
        return Evidence.Of(Code, settings.Evidence * share * (context.IsFamiliar ? settings.FamiliarShare : 1), names, subjects);
    }
}
