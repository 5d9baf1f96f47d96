using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The subject has logged in from this address, its network or its autonomous system before: evidence in its favour.</summary>
/// <remarks>
/// As much as the likelihood ratio says (<see cref="LikelihoodModel"/>). What was seen once vouches half, three times in full, so that one accepted
/// intrusion does not make its address trusted beyond its network and system. Half where many share the address (mobile carriers, VPNs, data centres, an address with many subjects).
/// Numbers: 1 for the address, 2 for its network, 3 for its system; logins from it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class KnownAddressDetector(KnownAddressSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.KnownAddress;

    public Signal? Detect(in LoginContext context)
    {
        var place = context.Likelihood.Novelty.Nearest;
        if (context.Likelihood.Address >= 0 || place is NetworkNovelty.Unknown or > NetworkNovelty.System) return null;
        ref readonly var summary = ref context.Summary;
        var (seen, most) = place switch
        {
            NetworkNovelty.Address => (summary.SameAddress, settings.Evidence),
            NetworkNovelty.Network => (summary.SameNetwork, settings.NetworkEvidence),
            _ => (summary.SameAsn, settings.SystemEvidence),
        };
        var own = context.Facts.Networks == NetworkKinds.None && !context.IsAddressShared ? 1 : settings.SharedShare;
        return Evidence.Of(Code, -Vouched(Math.Min(-context.Likelihood.Address, most), seen, place, summary) * own, (int)place, seen);
    }

    /// <summary>What the place itself vouches, or what is around it: an address seen once in a system used daily vouches as any new one of that system.</summary>
    private double Vouched(double said, int seen, NetworkNovelty place, in HistorySummary summary)
    {
        var vouched = said * Habit.Vouching(seen);
        if (place < NetworkNovelty.Network) vouched = Math.Max(vouched, Math.Min(said, settings.NetworkEvidence) * Habit.Vouching(summary.SameNetwork));
        return place < NetworkNovelty.System ? Math.Max(vouched, Math.Min(said, settings.SystemEvidence) * Habit.Vouching(summary.SameAsn)) : vouched;
    }
}
