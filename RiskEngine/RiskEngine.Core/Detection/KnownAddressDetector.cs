using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has logged in from this address, or next to it, before: evidence in its favour.</summary>
/// <remarks>
/// By address or IPv6 /64; weaker by /24 or /48. What was seen once vouches half, three times in full. Half where many share the address (mobile
/// carriers, VPNs, data centres, relays, an address with many subjects), nothing through Tor. Numbers: 1 for the address, 2 for its network;
/// logins from it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class KnownAddressDetector(KnownAddressSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.KnownAddress;

    public Signal? Detect(in LoginContext context)
    {
        var networks = context.Facts.Networks;
        if (!context.IsAddressEvaluable || (networks & NetworkKinds.Tor) != NetworkKinds.None) return null;
        ref readonly var summary = ref context.Summary;
        var own = networks == NetworkKinds.None && !context.IsAddressShared ? 1 : settings.SharedShare;
        if (summary.SameAddress > 0) return Evidence.Of(Code, -settings.Evidence * own * Habit.Vouching(summary.SameAddress), 1, summary.SameAddress);
        if (summary.SameNetwork == 0) return null;
        return Evidence.Of(Code, -settings.NetworkEvidence * own * Habit.Vouching(summary.SameNetwork), 2, summary.SameNetwork);
    }
}
