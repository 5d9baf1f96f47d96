using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this country before.</summary>
/// <remarks>
/// Silent where the country is unknown or the history carries none, through Tor and relays; half through VPNs and data centres, which are where they
/// are for reasons of their own, and in an autonomous system the subject has used, which then spans countries; less for subjects who travel a lot. Scaled by how well the subject is known.
/// Numbers: the country's two letters (<see cref="CountryCode.Value"/>), logins with a country in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewCountryDetector(NewCountrySettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewCountry;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (!context.Login.Country.IsKnown || summary.WithCountry == 0 || summary.SameCountry > 0) return null;
        var networks = context.Facts.Networks;
        if ((networks & (NetworkKinds.Tor | NetworkKinds.Relay)) != NetworkKinds.None) return null;
        var isHidden = (networks & (NetworkKinds.Vpn | NetworkKinds.DataCentre)) != NetworkKinds.None || summary.SameAsn > 0;
        var share = isHidden ? settings.HiddenShare : 1;
        share *= Habit.Steadiness(Habit.CountriesSeenOnce(context.History), summary.WithCountry);
        return Evidence.Of(Code, settings.Evidence * share * Math.Max(context.NoveltyWeight, settings.LeastWeight), context.Login.Country.Value, summary.WithCountry);
    }
}
