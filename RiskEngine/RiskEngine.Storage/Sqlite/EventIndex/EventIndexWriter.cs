using System.Runtime.InteropServices;

namespace RiskEngine.Storage.Sqlite.EventIndex;

/// <summary>Gathers what events are found by, and writes it once a segment is full, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. Allocates nothing per event. After a failed transaction it is thrown away with its connection.</remarks>
internal sealed class EventIndexWriter
{
    private readonly SqliteStatement _insert;
    private readonly ulong[][] _values = [new ulong[EventSegment.Length], new ulong[EventSegment.Length], new ulong[EventSegment.Length]];
    private readonly int[] _starts = new int[EventSegment.Buckets + 1];
    private readonly ushort[] _order = new ushort[EventSegment.Length];
    private readonly byte[] _entries = new byte[EventSegment.Length * EventSegment.EntryLength];
    private int _first = EventSegment.Length;

    /// <summary>Reads what no segment holds yet; a segment that turns out to be full is written.</summary>
    public EventIndexWriter(SqliteDatabase database)
    {
        _insert = database.Prepare("INSERT INTO event_index (place, entries) VALUES (?, ?)");
        using var events = database.Once("SELECT seq, event_hash, subject, address FROM events WHERE seq >= ? ORDER BY seq", EventIndexReader.UnsealedFrom(database));
        while (events.Step()) Add(events.Integer(0), events.Bits(1), events.Bits(2), events.Bits(3));
    }

    /// <summary>Notes an event; their numbers rise without gaps.</summary>
    public void Add(long seq, ulong id, ulong subject, ulong address)
    {
        var offset = (int)(seq & (EventSegment.Length - 1));
        _first = Math.Min(_first, offset);
        _values[(int)EventColumn.Id][offset] = id;
        _values[(int)EventColumn.Subject][offset] = subject;
        _values[(int)EventColumn.Address][offset] = address;
        if (offset < EventSegment.Length - 1) return;
        for (var column = EventColumn.Id; column <= EventColumn.Address; column++) Write(EventSegment.Of(seq), column, _values[(int)column]);
        WriteFilter(EventSegment.Of(seq), _values[(int)EventColumn.Id]);
        _first = EventSegment.Length;
    }

    /// <summary>Makes an event be found by its id only.</summary>
    public void Erase(SqliteDatabase database, long seq, ulong subject, ulong address)
    {
        if (seq >= EventIndexReader.UnsealedFrom(database))
        {
            var offset = (int)(seq & (EventSegment.Length - 1));
            _values[(int)EventColumn.Subject][offset] = _values[(int)EventColumn.Address][offset] = 0;
            return;
        }

        Erase(database, EventSegment.PlaceOf(EventSegment.Of(seq), EventColumn.Subject, EventSegment.BucketOf(subject)), seq);
        Erase(database, EventSegment.PlaceOf(EventSegment.Of(seq), EventColumn.Address, EventSegment.BucketOf(address)), seq);
    }

    private static void Erase(SqliteDatabase database, long place, long seq)
    {
        if (database.Query("SELECT entries FROM event_index WHERE place = ?", row => row.Blob(0).ToArray(), place) is not [var entries]) return;
        var at = EventSegment.Offsets(entries).IndexOf((ushort)(seq & (EventSegment.Length - 1)));
        if (at < 0) return;
        entries.AsSpan(at * sizeof(ulong), sizeof(ulong)).Clear();
        database.Execute("UPDATE event_index SET entries = ? WHERE place = ?", entries, place);
    }

    private void Write(long segment, EventColumn column, ulong[] values)
    {
        Distribute(values);
        for (var bucket = 0; bucket < EventSegment.Buckets; bucket++)
        {
            var offsets = _order.AsSpan(_starts[bucket].._starts[bucket + 1]);
            if (offsets.IsEmpty) continue;
            var entries = _entries.AsSpan(0, offsets.Length * EventSegment.EntryLength);
            var into = MemoryMarshal.Cast<byte, ulong>(entries[..(offsets.Length * sizeof(ulong))]);
            for (var i = 0; i < offsets.Length; i++) into[i] = values[offsets[i]];
            MemoryMarshal.AsBytes(offsets).CopyTo(entries[(offsets.Length * sizeof(ulong))..]);
            _insert.Bind(1, EventSegment.PlaceOf(segment, column, bucket)).Bind(2, entries).Run();
        }
    }

    private void WriteFilter(long segment, ulong[] ids)
    {
        var filter = _entries.AsSpan(0, EventSegment.FilterLength);
        filter.Clear();
        foreach (var id in ids.AsSpan(_first)) BloomFilter.Add(filter, id);
        _insert.Bind(1, EventSegment.PlaceOf(segment, EventColumn.Filter, 0)).Bind(2, filter).Run();
    }

    /// <summary>Puts the events into the order of their buckets, by counting.</summary>
    private void Distribute(ulong[] values)
    {
        Array.Clear(_starts);
        for (var i = _first; i < values.Length; i++) _starts[EventSegment.BucketOf(values[i])]++;
        for (var bucket = 1; bucket <= EventSegment.Buckets; bucket++) _starts[bucket] += _starts[bucket - 1];
        for (var i = values.Length - 1; i >= _first; i--) _order[--_starts[EventSegment.BucketOf(values[i])]] = (ushort)i;
    }
}
