using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The account rested for months, since its last login or since it was made, and is used by something unfamiliar.</summary>
/// <remarks>
/// A rest is measured against the subject's own rhythm: whoever logs in twice a year is not dormant after ninety days. Silent where the subject's own
/// device or place vouches for the login, and for accounts of which nothing is known.
/// Numbers: days of rest; 1 since it was made, 0 since its last login. Immutable; safe for concurrent use.
/// </remarks>
public sealed class DormantAccountDetector(DormantAccountSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.DormantAccount;

    /// <summary>Days between two logins of the subject on average, with one imaginary rest of a month and a half: of one login one cannot tell.</summary>
    private static double UsualRest(in LoginContext context) => ((context.Profile.LastLogin - (double)context.Profile.FirstLogin) / 86_400 + 45) / context.Profile.Logins;

    public Signal? Detect(in LoginContext context)
    {
        var since = context.IsEstablished ? context.Profile.LastLogin : context.Profile.CreatedAt;
        if (since == 0 || !context.IsSuccessOrAttempt || context.IsFamiliar || context.Now <= since) return null;
        var days = (context.Now - since) / 86_400.0;
        var minimum = Math.Max(settings.Minimum.TotalDays, context.IsEstablished ? settings.Rhythms * UsualRest(context) : 0);
        return Evidence.Of(Code, settings.Evidence * Ramp.Share(days, minimum, settings.Growth), days, context.IsEstablished ? 0 : 1);
    }
}
