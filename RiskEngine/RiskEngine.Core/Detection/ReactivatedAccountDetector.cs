using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>An account that had been switched off is used again, by something unfamiliar, soon after it was switched on.</summary>
/// <remarks>
/// Silent where the subject's own device or place vouches for the login: people do come back. Number: hours since the reactivation.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class ReactivatedAccountDetector(ReactivatedAccountSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ReactivatedAccount;

    public Signal? Detect(in LoginContext context)
    {
        var since = context.Profile.ReactivatedAt;
        if (since == 0 || context.Now < since || context.IsFamiliar || !context.IsSuccessOrAttempt) return null;
        var elapsed = TimeSpan.FromSeconds(context.Now - since);
        return elapsed > settings.Window ? null : Evidence.Of(Code, settings.Evidence, elapsed.TotalHours);
    }
}
