using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has not logged in from this address, nor next to it, before.</summary>
/// <remarks>
/// Little evidence: most people's addresses change. Silent through Tor and relays, and where the history carries no addresses; half on mobile
/// carriers, where addresses are dealt out anew. Scaled by how well the subject is known. Number: logins with an address in the history.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewAddressDetector(NewAddressSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewAddress;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (!context.IsAddressEvaluable || context.Login.AddressUnit == 0 || summary.WithAddress == 0) return null;
        if (summary.SameAddress > 0 || summary.SameNetwork > 0) return null;
        var networks = context.Facts.Networks;
        if ((networks & (NetworkKinds.Tor | NetworkKinds.Relay)) != NetworkKinds.None) return null;
        var share = (networks & NetworkKinds.Mobile) != NetworkKinds.None ? settings.MobileShare : 1;
        return Evidence.Of(Code, settings.Evidence * share * context.NoveltyWeight, summary.WithAddress);
    }
}
