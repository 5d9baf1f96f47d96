using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this address, nor next to it, before.</summary>
/// <remarks>
/// As much as the likelihood ratio says (<see cref="LikelihoodModel"/>): next to nothing a month after the last login, a lot a minute after it. Half on
/// mobile carriers, where addresses are dealt out anew. Silent where a new address is so usual that it speaks for the subject: that is said by
/// <see cref="KnownAddressDetector"/>. Numbers: logins with an address in the history, seconds since the last login. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewAddressDetector(NewAddressSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewAddress;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Likelihood.Novelty.Nearest < NetworkNovelty.System || context.Likelihood.Address <= 0) return null;
        var share = (context.Facts.Networks & NetworkKinds.Mobile) != NetworkKinds.None ? settings.MobileShare : 1;
        return Evidence.Of(Code, Math.Min(context.Likelihood.Address * share, settings.Evidence), context.Summary.WithAddress, context.Likelihood.GapSeconds);
    }
}
