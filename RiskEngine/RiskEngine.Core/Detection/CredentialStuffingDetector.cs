using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Most failures of an address, its network or its system are on names that do not exist: a list from elsewhere is being tried.</summary>
/// <remarks>
/// The share of failures on unknown names, where there are enough failures and enough different names to tell; the strongest of the three speaks,
/// the wider ones for less. One misconfigured program that repeats one name is not meant. A failed login counts itself.
/// Numbers: percent unknown, failures, 1 for the address, 2 for the network, 3 for the system. Immutable; safe for concurrent use.
/// </remarks>
public sealed class CredentialStuffingDetector(CredentialStuffingSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.CredentialStuffing;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable) return null;
        var strongest = Judge(context, context.Address, 1, settings.MinimumFailures, 1);
        var network = Judge(context, context.Network, settings.NetworkShare, settings.MinimumNetworkFailures, 2);
        if (network.Evidence > strongest.Evidence) strongest = network;
        var system = Judge(context, context.Asn, settings.AsnShare, settings.MinimumAsnFailures, 3);
        if (system.Evidence > strongest.Evidence) strongest = system;
        return strongest.Evidence == 0 ? null : strongest;
    }

    private Signal Judge(in LoginContext context, in ReputationRow row, double weight, double minimum, int what)
    {
        var itself = context.IsFailure ? 1 : 0;
        if (row.UnknownNames.Value + itself <= minimum * settings.MinimumUnknownShare) return default;
        var failures = row.Failures.At(context.Now, ReputationRow.HalfLife) + itself;
        var subjects = Estimates.Subjects(row, context.Now);
        if (failures < minimum + (settings.FailuresPerSubject * subjects) || subjects > NetworkSprayDetector.CountableSubjects) return default;
        if (Estimates.FailedNames(row, context.Now) < minimum / 2) return default;

        var unknown = row.UnknownNames.At(context.Now, ReputationRow.HalfLife) + (context.Event.SubjectIsUnknown ? itself : 0);
        var share = Math.Min(unknown / failures, 1);
        var excess = Math.Clamp((share - settings.MinimumUnknownShare) / (settings.FullUnknownShare - settings.MinimumUnknownShare), 0, 1);
        var evidence = settings.Evidence * weight * excess * (context.IsFamiliar ? settings.FamiliarShare : 1);
        return new Signal(Code, evidence, 100 * share, failures, what);
    }
}
