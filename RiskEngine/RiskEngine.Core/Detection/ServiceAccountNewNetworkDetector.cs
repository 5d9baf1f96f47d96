using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A service account signs in from a network that it never used: it runs on machines, and machines do not travel.</summary>
/// <remarks>
/// Silent for people, for accounts without history, and for addresses that are not public. Number: logins in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class ServiceAccountNewNetworkDetector(ServiceAccountNewNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ServiceAccountNewNetwork;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (!context.Event.ServiceAccount || !context.IsAddressEvaluable || summary.WithAddress == 0 || context.Event.Kind == EventKind.TokenUsed) return null;
        if (summary.SameAddress > 0 || summary.SameNetwork > 0) return null;
        return Evidence.Of(Code, settings.Evidence * (summary.SameAsn > 0 ? settings.NeighbourShare : 1), summary.Count);
    }
}
