using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this country before.</summary>
/// <remarks>
/// As much as the likelihood ratio says on top of address and system (<see cref="LikelihoodModel"/>); half through VPNs and data centres, which are where
/// they are for reasons of their own. Numbers: the country's two letters (<see cref="CountryCode.Value"/>), logins with a country in the history.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewCountryDetector(NewCountrySettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewCountry;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Likelihood.Novelty.Nearest != NetworkNovelty.Abroad) return null;
        var isHidden = (context.Facts.Networks & (NetworkKinds.Vpn | NetworkKinds.DataCentre)) != NetworkKinds.None;
        var evidence = context.Likelihood.Country * (isHidden ? settings.HiddenShare : 1);
        return Evidence.Of(Code, Math.Min(evidence, settings.Evidence), context.Login.Country.Value, context.Summary.WithCountry);
    }
}
