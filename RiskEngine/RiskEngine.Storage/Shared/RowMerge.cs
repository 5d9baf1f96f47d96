using System.Runtime.InteropServices;
using RiskEngine.Core.Models;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Puts together what two replicas made of one row, in the form that it is stored in.</summary>
/// <remarks>
/// <em>Mergeable</em> is what many subjects share: reputation, the cells of names, and nearly all of what the judge carries. <em>Exclusive</em> is what one subject has, profile, pair and the
/// look of a name: what is decided there depends on all of it, so a row that somebody else changed is judged again. Pure.
/// </remarks>
internal static class RowMerge
{
    /// <summary>Adds what a judge changed to what is stored now. A row that is not there is empty.</summary>
    /// <param name="current">As it is stored now.</param>
    /// <param name="mine">What the judge made of it.</param>
    /// <param name="before">What the judge was given.</param>
    /// <returns>What is to be stored; null where the row has to be judged again.</returns>
    public static byte[]? TryMerge(StateRowKind kind, ReadOnlySpan<byte> current, ReadOnlySpan<byte> mine, ReadOnlySpan<byte> before) => kind switch
    {
        StateRowKind.Reputation => Packed<ReputationRow>(current, mine, before),
        StateRowKind.Name => Plain<NameRow>(current, mine, before),
        StateRowKind.Carried => Carried(current, mine, before),
        _ => null,
    };

    private static byte[]? Carried(ReadOnlySpan<byte> current, ReadOnlySpan<byte> mine, ReadOnlySpan<byte> before)
    {
        var (there, made, given) = (new CarriedState(), new CarriedState(), new CarriedState());
        there.Load(current);
        made.Load(mine);
        given.Load(before);
        return CarriedMerge.TryMerge(there, made, given) ? there.Value.ToArray() : null;
    }

    private static byte[]? Packed<TRow>(ReadOnlySpan<byte> current, ReadOnlySpan<byte> mine, ReadOnlySpan<byte> before)
        where TRow : struct, IMergeable<TRow>
    {
        if (!TryMerge<TRow>(current, mine, before, out var merged)) return null;
        Span<byte> packed = stackalloc byte[StoredRow.PackedLength<TRow>()];
        return packed[..StoredRow.Pack(merged, packed)].ToArray();
    }

    private static byte[]? Plain<TRow>(ReadOnlySpan<byte> current, ReadOnlySpan<byte> mine, ReadOnlySpan<byte> before)
        where TRow : struct, IMergeable<TRow> =>
        TryMerge<TRow>(current, mine, before, out var merged) ? MemoryMarshal.AsBytes(new ReadOnlySpan<TRow>(in merged)).ToArray() : null;

    /// <summary>A row that this build cannot read is not merged: judged again it begins anew, as it does without replicas.</summary>
    private static bool TryMerge<TRow>(ReadOnlySpan<byte> current, ReadOnlySpan<byte> mine, ReadOnlySpan<byte> before, out TRow merged)
        where TRow : struct, IMergeable<TRow>
    {
        merged = default;
        if (!TryRead(current, out TRow there) || !TryRead(mine, out TRow made) || !TryRead(before, out TRow given)) return false;
        merged = TRow.Merge(there, made, given);
        return true;
    }

    private static bool TryRead<TRow>(ReadOnlySpan<byte> stored, out TRow row)
        where TRow : struct
    {
        row = default;
        return stored.IsEmpty || StoredRow.TryRead(stored, out row);
    }
}
