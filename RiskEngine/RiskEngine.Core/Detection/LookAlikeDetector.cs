using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A new account is named so that it is taken for one that was there before.</summary>
/// <remarks>
/// In full when the account is new and fading evenly over the window. Of an account whose making was not seen it is not known whether it is new; then the other
/// one must have been known for as long as the window before the first login. Numbers: days that the other was there before, 1 where it is a service account.
/// Technique: masquerading by the name of an account, T1036.010. Immutable; safe for concurrent use.
/// </remarks>
public sealed class LookAlikeDetector(LookAlikeSettings settings) : IDetector
{
    private const double Day = 86_400;

    public SignalCode Code => SignalCode.LookAlike;

    public Signal? Detect(in LoginContext context)
    {
        var other = context.Namesake;
        if (other.FirstSeen == 0 || !context.IsSuccessOrAttempt) return null;
        ref readonly var profile = ref context.Profile;
        var born = profile.CreatedAt != 0 ? profile.CreatedAt : profile.FirstLogin != 0 ? profile.FirstLogin : context.Now;
        var ahead = (double)born - other.FirstSeen;
        if (ahead <= 0 || context.Now < born || (profile.CreatedAt == 0 && ahead < settings.Window.TotalSeconds)) return null;
        var share = 1 - ((context.Now - born) / settings.Window.TotalSeconds);
        if (share <= 0) return null;
        return Evidence.Of(Code, settings.Evidence * share * (other.IsService ? 1 : settings.PersonShare), ahead / Day, other.IsService ? 1 : 0);
    }
}
