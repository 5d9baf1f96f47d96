using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Somebody gets in, while the whole fleet is under attack, from where the attack comes from.</summary>
/// <remarks>
/// A network took part where names failed and more failed than people got in lately: the login's own name aside. At the address one name is enough, in its /24 or /48 it takes two, in
/// its autonomous system ten. Silent without an attack, for surges, for failures, where the address says nothing, and at a place or on a device that the
/// subject has used before. Says only what counts against a login, never for it. Numbers: names that failed there, 1 for the address, 2 for its network, 3
/// for its autonomous system. Immutable; safe for concurrent use.
/// </remarks>
public sealed class FleetAttackDetector(FleetAttackSettings settings) : IDetector
{
    private const int NamesOfNetwork = 2, NamesOfAsn = 10;

    public SignalCode Code => SignalCode.FleetAttack;

    public Signal? Detect(in LoginContext context)
    {
        if ((context.Fleetwide & AttackKinds.Attacks) == AttackKinds.None || !context.IsSuccessOrAttempt || !context.IsAddressEvaluable) return null;
        if (context.IsFamiliar || context.Summary.SameAddress > 0 || context.Summary.SameNetwork > 0) return null;
        if (TookPart(context.Address, context, 1, out var names)) return Evidence.Of(Code, settings.Evidence, names, 1);
        if (TookPart(context.Network, context, NamesOfNetwork, out names)) return Evidence.Of(Code, settings.Evidence * settings.NetworkShare, names, 2);
        return TookPart(context.Asn, context, NamesOfAsn, out names) ? Evidence.Of(Code, settings.Evidence * settings.AsnShare, names, 3) : null;
    }

    private static bool TookPart(in ReputationRow row, in LoginContext context, int fewest, out double names)
    {
        // Whoever mistyped and then got in is not the attacker.
        names = Estimates.FailedNames(row, context.Now) - (context.PairFailures >= 0.25f ? 1 : 0);
        return names >= fewest && names > Estimates.Subjects(row, context.Now);
    }
}
