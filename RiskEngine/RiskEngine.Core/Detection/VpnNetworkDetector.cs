using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The login comes through a VPN or an open proxy, which this subject does not use.</summary>
/// <remarks>
/// Each earlier accepted login through a VPN takes a part of the evidence away. Silent for service accounts, for privacy relays, which are
/// ordinary people, and for Tor, which has a signal of its own. Number: logins through a VPN in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class VpnNetworkDetector(VpnNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.VpnNetwork;

    public Signal? Detect(in LoginContext context)
    {
        var networks = context.Facts.Networks;
        if ((networks & (NetworkKinds.Vpn | NetworkKinds.Tor | NetworkKinds.Relay)) != NetworkKinds.Vpn) return null;
        if (context.Event.ServiceAccount || !context.IsAddressEvaluable) return null;
        return Evidence.Of(Code, settings.Evidence * Habit.Unusual(context.Summary.OnVpn, settings.HabitLogins), context.Summary.OnVpn);
    }
}
