using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A new password follows a risky login: whoever got in makes sure of staying in.</summary>
/// <remarks>
/// Half in a login barely of low risk, in full from <see cref="PasswordAfterRiskyLoginSettings.FullScore"/>; in full at first and half at the end of the window. A passed
/// challenge ends it. Numbers: hours since the login, its score. Immutable; safe for concurrent use.
/// </remarks>
public sealed class PasswordAfterRiskyLoginDetector(PasswordAfterRiskyLoginSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.PasswordAfterRiskyLogin;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Event.Kind != EventKind.PasswordChanged) return null;
        var (share, hours, score) = RiskyLogin.Share(context, settings.Window, settings.FullScore);
        return Evidence.Of(Code, settings.Evidence * share, hours, score);
    }
}
