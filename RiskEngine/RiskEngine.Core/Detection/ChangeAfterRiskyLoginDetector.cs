using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A new factor or a new password follows a risky login: whoever got in makes sure of staying in.</summary>
/// <remarks>
/// Half in a login that hardly scored, in full from <see cref="ChangeAfterRiskyLoginSettings.FullScore"/>; in full at first and half at the end of the
/// window. A passed challenge ends it. Numbers: hours since the login, its score. Immutable; safe for concurrent use.
/// </remarks>
/// <param name="code">What it says.</param>
/// <param name="change">The kind of change that it watches.</param>
public sealed class ChangeAfterRiskyLoginDetector(SignalCode code, EventKind change, ChangeAfterRiskyLoginSettings settings) : IDetector
{
    public SignalCode Code => code;

    public Signal? Detect(in LoginContext context)
    {
        var at = context.Profile.RiskyAt;
        if (context.Event.Kind != change || at == 0 || context.Now < at) return null;
        var elapsed = (context.Now - at) / settings.Window.TotalSeconds;
        if (elapsed > 1) return null;
        var score = context.Profile.RiskyScore / 100.0;
        var share = (0.5 + (0.5 * Math.Min(score / settings.FullScore, 1))) * (1 - (0.5 * elapsed));
        return Evidence.Of(code, settings.Evidence * share, (context.Now - at) / 3600.0, score);
    }
}
