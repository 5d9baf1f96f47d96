using System.Text;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Copies what the writer needs out of effects, which their owner reuses as soon as the commit is under way.</summary>
/// <remarks>Not thread-safe: used by whoever commits, one at a time. Steady state allocates nothing.</remarks>
internal sealed class ChangeEncoder(TextTable texts)
{
    private readonly StoredEventCodec _codec = new(texts);

    /// <summary>Gets or sets the highest number of a text that is on its way to the disk or there.</summary>
    public int TextsWritten { get; set; }

    public void Write(ByteBuffer to, Effects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (StoredEvents.IsKept(effects, i)) WriteEvent(to, effects, i);
        }

        WriteNewTexts(to);
        WriteProfiles(to, effects.View.Profiles);
        WriteRows(to, ChangeKind.Reputation, effects.View.Reputation);
        WriteRows(to, ChangeKind.Pair, effects.View.Pairs);
        WriteNames(to, effects.View.Names);
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

    private static void WriteProfiles(ByteBuffer to, ProfileSet profiles)
    {
        for (var slot = 0; slot < profiles.Count; slot++)
        {
            if (!profiles.Rows.IsDirty(slot)) continue;
            WriteKey(to, ChangeKind.Profile, profiles.Rows.Key(slot));
            to.Text(profiles.Used(slot));
        }
    }

    private static void WriteRows<TRow>(ByteBuffer to, ChangeKind kind, RowSet<TRow> rows)
        where TRow : struct
    {
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (!rows.IsDirty(slot)) continue;
            WriteKey(to, kind, rows.Key(slot));
            to.Row(rows.Row(slot));
        }
    }

    private static void WriteNames(ByteBuffer to, RowSet<NameRow> names)
    {
        for (var slot = 0; slot < names.Count; slot++)
        {
            if (!names.IsDirty(slot)) continue;
            to.Byte((byte)ChangeKind.Name);
            to.Varint((ulong)names.Key(slot));
            to.Row(names.Row(slot));
        }
    }

    private static void WriteCarried(ByteBuffer to, ReadOnlySpan<byte> value)
    {
        to.Byte((byte)ChangeKind.Carried);
        to.Text(value);
    }

    private static void WriteKey(ByteBuffer to, ChangeKind kind, UInt128 key)
    {
        to.Byte((byte)kind);
        to.Number((ulong)(key >> 64));
        to.Number((ulong)key);
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
