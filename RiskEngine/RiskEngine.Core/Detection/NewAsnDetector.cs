using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this autonomous system before.</summary>
/// <remarks>
/// As much as the likelihood ratio says on top of the new address (<see cref="LikelihoodModel"/>); less for subjects who change systems often, and on
/// mobile carriers, for a phone leaves its Wi-Fi. Numbers: the system, logins with one in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewAsnDetector(NewAsnSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewAsn;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Likelihood.Novelty.Nearest < NetworkNovelty.Country || context.Login.Asn == 0 || context.Summary.SameAsn > 0) return null;
        var share = (context.Facts.Networks & NetworkKinds.Mobile) != NetworkKinds.None ? settings.MobileShare : 1;
        return Evidence.Of(Code, Math.Min(context.Likelihood.Asn * share, settings.Evidence), context.Login.Asn, context.Summary.WithAsn);
    }
}
