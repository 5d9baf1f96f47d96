using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The account rested for months, since its last login or since it was made, and is used by something unfamiliar.</summary>
/// <remarks>
/// Silent where the subject's own device or place vouches for the login, and for accounts of which nothing is known.
/// Numbers: days of rest; 1 since it was made, 0 since its last login. Immutable; safe for concurrent use.
/// </remarks>
public sealed class DormantAccountDetector(DormantAccountSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.DormantAccount;

    public Signal? Detect(in LoginContext context)
    {
        var since = context.IsEstablished ? context.Profile.LastLogin : context.Profile.CreatedAt;
        if (since == 0 || !context.IsSuccessOrAttempt || context.IsFamiliar || context.Now <= since) return null;
        var days = (context.Now - since) / 86_400.0;
        return Evidence.Of(Code, settings.Evidence * Ramp.Share(days, settings.Minimum.TotalDays, settings.Growth), days, context.IsEstablished ? 0 : 1);
    }
}
