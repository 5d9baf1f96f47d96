using System.Runtime.InteropServices;
using System.Text;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Copies what the writer needs out of effects, which their owner reuses as soon as the commit is under way.</summary>
/// <remarks>Not thread-safe: used by whoever commits, one at a time. Steady state allocates nothing.</remarks>
internal sealed class ChangeEncoder(TextTable texts)
{
    private readonly StoredEventCodec _codec = new(texts);
    private readonly byte[] _packed = new byte[Math.Max(PackedProfile.MaxLength, StoredRow.PackedLength<ReputationRow>())];

    /// <summary>Gets or sets the highest number of a text that is on its way to the disk or there.</summary>
    public int TextsWritten { get; set; }

    /// <param name="to">Takes events, texts and what else is written as it comes.</param>
    /// <param name="rows">Takes the changed rows of state, see <see cref="StateRow"/>.</param>
    /// <param name="effects">What is written.</param>
    public void Write(ByteBuffer to, ByteBuffer rows, Effects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (StoredEvents.IsKept(effects, i)) WriteEvent(to, effects, i);
        }

        WriteNewTexts(to);
        var profiles = WriteProfiles(rows, effects.View.Profiles);
        var reputation = WriteReputation(rows, effects.View.Reputation);
        WriteRows(rows, StateRowKind.Pair, effects.View.Pairs);
        WriteRows(rows, StateRowKind.Name, effects.View.Names);
        WriteRows(rows, StateRowKind.Skeleton, effects.View.Skeletons);
        to.Byte((byte)ChangeKind.NewRows);
        to.Varint((ulong)profiles);
        to.Varint((ulong)reputation);
        if (effects.View.Carried.IsDirty) WriteCarried(to, effects.View.Carried.Value);
        to.Byte((byte)ChangeKind.Watermark);
        to.Varint((ulong)effects.View.Watermark.UnixMilliseconds);
        if (effects.Cursors is { } cursors) WriteCursors(to, cursors);
    }

    private void WriteEvent(ByteBuffer to, Effects effects, int index)
    {
        ref readonly var keys = ref effects.View[index];
        ref readonly var judged = ref effects.Batch[index];
        to.Byte((byte)ChangeKind.Event);
        to.Number((ulong)effects.View.Events.Key(keys.Event));
        to.Number((ulong)keys.SubjectKey);
        to.Number(judged.SourceIp.Unit);
        to.Varint((ulong)judged.OccurredAt.UnixMilliseconds);
        to.Byte(effects[index].Judged ? (byte)effects[index].Level : byte.MaxValue);
        var start = to.BeginLength();
        _codec.Write(to, effects, index);
        to.EndLength(start);
    }

    private void WriteNewTexts(ByteBuffer to)
    {
        for (var known = texts.Count; TextsWritten < known;)
        {
            to.Byte((byte)ChangeKind.Text);
            to.Varint((ulong)++TextsWritten);
            to.Text(texts.Bytes(TextsWritten).Span);
        }
    }

    /// <summary>Writes the changed profiles and returns how many of them the store did not have.</summary>
    private int WriteProfiles(ByteBuffer to, ProfileSet profiles)
    {
        var added = 0;
        for (var slot = 0; slot < profiles.Count; slot++)
        {
            if (!profiles.Rows.IsDirty(slot)) continue;
            StateRow.Write(to, StateRowKind.Profile, profiles.Rows.Key(slot), _packed.AsSpan(0, PackedProfile.Write(profiles.Used(slot), _packed)));
            if (!profiles.Rows.IsFound(slot)) added++;
        }

        return added;
    }

    /// <summary>Writes the changed rows of reputation and returns how many of them the store did not have.</summary>
    private int WriteReputation(ByteBuffer to, RowSet<ReputationRow> rows)
    {
        var added = 0;
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (!rows.IsDirty(slot)) continue;
            StateRow.Write(to, StateRowKind.Reputation, rows.Key(slot), _packed.AsSpan(0, StoredRow.Pack(rows.Row(slot), _packed)));
            if (!rows.IsFound(slot)) added++;
        }

        return added;
    }

    private static void WriteRows<TRow>(ByteBuffer to, StateRowKind kind, RowSet<TRow> rows)
        where TRow : struct
    {
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (rows.IsDirty(slot)) StateRow.Write(to, kind, rows.Key(slot), MemoryMarshal.AsBytes(new ReadOnlySpan<TRow>(in rows.Row(slot))));
        }
    }

    private static void WriteCarried(ByteBuffer to, ReadOnlySpan<byte> value)
    {
        to.Byte((byte)ChangeKind.Carried);
        to.Text(value);
    }

    private static void WriteCursors(ByteBuffer to, IReadOnlyDictionary<string, string> cursors)
    {
        foreach (var (source, cursor) in cursors)
        {
            to.Byte((byte)ChangeKind.Cursor);
            to.Text(Encoding.UTF8.GetBytes(source));
            to.Text(Encoding.UTF8.GetBytes(cursor));
        }
    }
}
