using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this autonomous system before.</summary>
/// <remarks>
/// Silent where the system is unknown or the history carries none, through Tor and relays; less on mobile carriers, for a phone leaves its Wi-Fi;
/// less for subjects who change systems often. Scaled by how well the subject is known.
/// Numbers: the system, logins with one in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewAsnDetector(NewAsnSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewAsn;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (!context.IsAddressEvaluable || context.Login.Asn == 0 || summary.WithAsn == 0 || summary.SameAsn > 0) return null;
        var networks = context.Facts.Networks;
        if ((networks & (NetworkKinds.Tor | NetworkKinds.Relay)) != NetworkKinds.None) return null;
        var share = (networks & NetworkKinds.Mobile) != NetworkKinds.None ? settings.MobileShare : 1;
        share *= Habit.Steadiness(Habit.AsnsSeenOnce(context.History), summary.WithAsn);
        return Evidence.Of(Code, settings.Evidence * share * context.NoveltyWeight, context.Login.Asn, summary.WithAsn);
    }
}
