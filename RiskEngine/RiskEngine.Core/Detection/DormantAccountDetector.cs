using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The account rested for months and is used again, by something unfamiliar.</summary>
/// <remarks>
/// Silent where the subject's own device or place vouches for the login, and for accounts never used before, which are new and not dormant.
/// Number: days of rest. Immutable; safe for concurrent use.
/// </remarks>
public sealed class DormantAccountDetector(DormantAccountSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.DormantAccount;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsEstablished || !context.IsSuccessOrAttempt || context.IsFamiliar || context.Now <= context.Profile.LastLogin) return null;
        var days = (context.Now - context.Profile.LastLogin) / 86_400.0;
        return Evidence.Of(Code, settings.Evidence * Ramp.Share(days, settings.Minimum.TotalDays, settings.Growth), days);
    }
}
