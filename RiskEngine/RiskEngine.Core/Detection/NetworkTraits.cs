using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Kinds of network in the form in which a login remembers them.</summary>
public static class NetworkTraits
{
    /// <summary>Whether place and address belong to whoever logs in: those of a Tor exit or a relay are drawn by lot.</summary>
    public static bool PlaceSaysSomething(LoginTraits traits) => (traits & (LoginTraits.Tor | LoginTraits.Relay)) == LoginTraits.None;

    public static LoginTraits Of(NetworkKinds networks)
    {
        var traits = LoginTraits.None;
        if ((networks & NetworkKinds.Tor) != NetworkKinds.None) traits |= LoginTraits.Tor;
        if ((networks & NetworkKinds.Vpn) != NetworkKinds.None) traits |= LoginTraits.Vpn;
        if ((networks & NetworkKinds.DataCentre) != NetworkKinds.None) traits |= LoginTraits.DataCentre;
        if ((networks & NetworkKinds.Mobile) != NetworkKinds.None) traits |= LoginTraits.Mobile;
        if ((networks & NetworkKinds.Relay) != NetworkKinds.None) traits |= LoginTraits.Relay;
        return traits;
    }
}
