using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>A token is used from an autonomous system from which none of the subject's tokens was used before.</summary>
/// <remarks>
/// Programs stay where they are installed. Compared with the last four systems; silent until one is known, and where the subject signs in from that
/// system itself. Number: the system. Immutable; safe for concurrent use.
/// </remarks>
public sealed class TokenNewNetworkDetector(TokenNewNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.TokenNewNetwork;

    public Signal? Detect(in LoginContext context)
    {
        ReadOnlySpan<uint> known = context.Profile.TokenSystems;
        var asn = context.Login.Asn;
        if (context.Event.Kind != EventKind.TokenUsed || asn == 0 || known[0] == 0) return null;
        return known.Contains(asn) || context.Summary.SameAsn > 0 ? null : Evidence.Of(Code, settings.Evidence, asn);
    }
}
