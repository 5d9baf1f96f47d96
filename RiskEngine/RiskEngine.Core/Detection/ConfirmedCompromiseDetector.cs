using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A person said that an earlier event of this account was an intruder's.</summary>
/// <remarks>
/// Speaks about every sign-in, session and token from then on, until a challenge is passed, the password is changed in a way that is not risky itself, or
/// the same person says <c>safe</c>. A password being changed is judged without it: that is the way out. Number: hours since that event.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class ConfirmedCompromiseDetector(ConfirmedCompromiseSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ConfirmedCompromise;

    public Signal? Detect(in LoginContext context)
    {
        var since = context.Profile.CompromisedAt;
        if (since == 0 || context.Now < since || context.Event.Kind == EventKind.PasswordChanged || context.IsFailure) return null;
        var elapsed = TimeSpan.FromSeconds(context.Now - since);
        return elapsed > settings.Window ? null : Evidence.Of(Code, settings.Evidence, elapsed.TotalHours);
    }
}
