using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A service account signs in from a network that it never used: it runs on machines, and machines do not travel.</summary>
/// <remarks>
/// Compared with its sign-ins, and where there are none, with the systems its tokens were used from. Silent for people, for accounts of which
/// nothing is known, and for addresses that are not public. Number: logins in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class ServiceAccountNewNetworkDetector(ServiceAccountNewNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ServiceAccountNewNetwork;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        ReadOnlySpan<uint> tokens = context.Profile.TokenSystems;
        if (!context.Event.ServiceAccount || !context.IsAddressEvaluable || context.Event.Kind == EventKind.TokenUsed) return null;
        if (summary.WithAddress == 0 && tokens[0] == 0) return null;
        if (summary.SameAddress > 0 || summary.SameNetwork > 0) return null;
        var isNeighbour = summary.SameAsn > 0 || (context.Login.Asn != 0 && tokens.Contains(context.Login.Asn));
        return Evidence.Of(Code, settings.Evidence * (isNeighbour ? settings.NeighbourShare : 1), summary.Count);
    }
}
