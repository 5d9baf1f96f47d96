using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What a person's release of an address, a network or a subject at an address changes: the failures that led to the block no longer count.</summary>
/// <remarks>
/// Failures, failures on unknown names and the names that failed go; successes, subjects and the memory of earlier blocks stay. What goes of a part goes of
/// what it is a part of: of an address, of its network and its autonomous system; of a subject at an address, of both. What a subject has of an address that
/// was emptied before (<see cref="BlockScope.Subject"/>) goes of the subject alone. So nobody else is blocked for it,
/// and what fails afterwards counts from nothing. Doing it again changes nothing more.
/// </remarks>
internal static class Forgetter
{
    public static void Forget(BlockScope released, in EventKeys keys, StateView view)
    {
        if (released == BlockScope.Range) Empty(view, keys.Network, keys.Asn);
        if (released == BlockScope.Ip) Empty(view, keys.Address, keys.Network, keys.Asn);
        if (released is not (BlockScope.Ip or BlockScope.Pair or BlockScope.Subject) || keys.Pair < 0) return;
        var failures = view.Profiles.Profile(keys.Subject).IsEstablished ? OfProfile(keys, view) : OfCells(keys, view);
        if (released != BlockScope.Pair) return;
        TakeOut(view, keys.Address, failures);
        TakeOut(view, keys.Network, failures);
        TakeOut(view, keys.Asn, failures);
    }

    /// <summary>Empties a row, and takes what it held out of those around it.</summary>
    private static void Empty(StateView view, int slot, params ReadOnlySpan<int> around)
    {
        if (slot < 0) return;
        ref var row = ref view.Reputation.Row(slot);
        foreach (var wider in around)
        {
            if (wider < 0) continue;
            ref var other = ref view.Reputation.Row(wider);
            other.Failures.Remove(row.Failures, ReputationRow.HalfLife);
            other.UnknownNames.Remove(row.UnknownNames, ReputationRow.HalfLife);
            other.FailedNames.Remove(row.FailedNames);
            view.Reputation.MarkDirty(wider);
        }

        (row.Failures, row.UnknownNames, row.FailedNames) = (default, default, default);
        view.Reputation.MarkDirty(slot);
    }

    private static DecayedMass OfProfile(in EventKeys keys, StateView view)
    {
        ref var pair = ref view.Pairs.Row(keys.Pair);
        var failures = pair.Failures;
        if (failures.Value == 0) return failures;
        pair.Failures = default;
        view.Pairs.MarkDirty(keys.Pair);
        view.Profiles.Profile(keys.Subject).Header.Failures.Remove(failures, ReputationRow.HalfLife);
        view.Profiles.Rows.MarkDirty(keys.Subject);
        return failures;
    }

    /// <summary>Of a name without a profile: what its cells hold at most, so that others that share one of them lose nothing of their own.</summary>
    private static DecayedMass OfCells(in EventKeys keys, StateView view)
    {
        var failures = Lesser(view.Names.Row(keys.PairCell1).Failures, view.Names.Row(keys.PairCell2).Failures);
        if (failures.Value == 0) return failures;
        ReadOnlySpan<int> slots = [keys.PairCell1, keys.PairCell2, keys.SubjectCell1, keys.SubjectCell2];
        foreach (var slot in slots)
        {
            view.Names.Row(slot).Failures.Remove(failures, ReputationRow.HalfLife);
            view.Names.MarkDirty(slot);
        }

        return failures;
    }

    private static DecayedMass Lesser(in DecayedMass one, in DecayedMass other)
    {
        var now = Math.Max(one.AsOf, other.AsOf);
        return one.At(now, ReputationRow.HalfLife) <= other.At(now, ReputationRow.HalfLife) ? one : other;
    }

    private static void TakeOut(StateView view, int slot, in DecayedMass failures)
    {
        if (slot < 0 || failures.Value == 0) return;
        view.Reputation.Row(slot).Failures.Remove(failures, ReputationRow.HalfLife);
        view.Reputation.MarkDirty(slot);
    }
}
