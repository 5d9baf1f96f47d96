using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>A subject without history logs in from a network in which hardly anybody of this fleet does.</summary>
/// <remarks>
/// There is nothing of the subject to compare with, so it is held against the first logins of others: which part of them came from autonomous systems as
/// rare as this one (<see cref="NoveltyTable.FirstRarity"/>). Nothing where that is one in seven or more, and a nat for each time it is e times less; so, by
/// construction, it says much of few newcomers only, and a fleet that has told little yet makes it keep quiet. Silent for failures, for Tor and relays,
/// where the system is unknown, and from the second accepted login on. Numbers: the system, that part in per cent. Immutable; safe for concurrent use.
/// </remarks>
public sealed class RareFirstNetworkDetector(RareFirstNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.RareFirstNetwork;

    public Signal? Detect(in LoginContext context)
    {
        if (context.IsEstablished || context.Event.Kind is not (EventKind.Login or EventKind.LoginAttempt) || context.Login.Asn == 0) return null;
        var tail = context.Likelihood.FirstTail;
        return tail >= settings.Rare ? null : Evidence.Of(Code, Math.Min(Math.Log(settings.Rare / tail), settings.Evidence), context.Login.Asn, tail * 100);
    }
}
