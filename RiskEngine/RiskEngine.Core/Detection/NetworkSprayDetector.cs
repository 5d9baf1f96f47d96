using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>A network fails on many names, a few from each of its addresses.</summary>
/// <remarks>
/// Names that failed from the /24 or /48, or with a higher threshold from the autonomous system, in the last six to twelve hours, less those of
/// the address itself, which <see cref="PasswordSprayDetector"/> judges; relative to established subjects. The counts are estimates that
/// end at a few hundred, so a system with more subjects than <see cref="NetworkSprayDetector.CountableSubjects"/> is not judged.
/// Numbers: names, established subjects, 1 for the network or 2 for the autonomous system. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NetworkSprayDetector(NetworkSpraySettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NetworkSpray;

    /// <summary>Established subjects up to which the estimates can be compared.</summary>
    public const float CountableSubjects = 300;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        var own = Estimates.FailedNames(context.Address, context.Now);
        var network = Judge(context, context.Network, own, settings.Evidence, settings.MinimumNames, 1);
        var system = Judge(context, context.Asn, own, settings.AsnEvidence, settings.MinimumAsnNames, 2);
        return (system?.Evidence ?? 0) > (network?.Evidence ?? 0) ? system : network;
    }

    private Signal? Judge(in LoginContext context, in ReputationRow row, double own, double evidence, double minimum, int what)
    {
        var names = Estimates.FailedNames(row, context.Now) - own;
        if (names <= minimum) return null;
        var subjects = Estimates.Subjects(row, context.Now);
        if (subjects > CountableSubjects) return null;
        var share = Ramp.Share(names, minimum + (settings.NamesPerSubject * subjects), settings.Growth);
        return Evidence.Of(Code, evidence * share * (context.IsFamiliar ? settings.FamiliarShare : 1), names, subjects, what);
    }
}
