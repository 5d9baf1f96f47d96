using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The subject signs in to an application that it never used.</summary>
/// <remarks>
/// Little evidence: everybody opens something new some day. Silent before ten logins with an application; less for subjects who use many.
/// Numbers: logins with an application in the history, those used exactly once. Immutable; safe for concurrent use.
/// </remarks>
public sealed class UnusualApplicationDetector(UnusualApplicationSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.UnusualApplication;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (context.Login.Application == 0 || summary.WithApplication < LoginContext.LearningLogins || summary.SameApplication > 0 || !context.IsSuccessOrAttempt) return null;
        var once = Habit.ApplicationsSeenOnce(context.History);
        return Evidence.Of(Code, settings.Evidence * Habit.Steadiness(once, summary.WithApplication), summary.WithApplication, once);
    }
}
