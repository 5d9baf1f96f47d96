namespace RiskEngine.Storage.Sqlite.EventIndex;

/// <summary>Finds events by what <see cref="EventIndexWriter"/> wrote. Different events may share a value: the caller compares.</summary>
/// <remarks>Belongs to one connection. Damaged entries are a <see cref="FormatException"/>.</remarks>
internal sealed class EventIndexReader(SqliteDatabase database)
{
    private readonly SqliteStatement _entries = database.Prepare("SELECT entries FROM event_index WHERE place = ?");

    /// <summary>The number from which on events are in no segment.</summary>
    public static long UnsealedFrom(SqliteDatabase database) =>
        (EventSegment.SegmentOf(database.Number("SELECT coalesce(max(place), -1) FROM event_index")) + 1) << EventSegment.Bits;

    /// <summary>Whether an event of a segment has that value and a number from <paramref name="firstSeq"/> on.</summary>
    public bool Contains(long segment, EventColumn column, ulong value, long firstSeq)
    {
        var entries = Read(segment, column, EventSegment.BucketOf(value));
        var at = EventSegment.Values(entries).LastIndexOf(value);
        var isFound = at >= 0 && SeqOf(segment, EventSegment.Offsets(entries)[at]) >= firstSeq;
        _entries.Reset();
        return isFound;
    }

    /// <summary>Adds the numbers of a segment's events that have that value, newest first.</summary>
    public void Find(long segment, EventColumn column, ulong value, List<long> found)
    {
        var entries = Read(segment, column, EventSegment.BucketOf(value));
        var values = EventSegment.Values(entries);
        var offsets = EventSegment.Offsets(entries);
        for (var at = values.LastIndexOf(value); at >= 0; at = values[..at].LastIndexOf(value)) found.Add(SeqOf(segment, offsets[at]));
        _entries.Reset();
    }

    /// <summary>Adds each value of a bucket with its event's number.</summary>
    public void ReadBucket(long segment, EventColumn column, int bucket, List<(ulong Value, long Seq)> into)
    {
        var entries = Read(segment, column, bucket);
        var values = EventSegment.Values(entries);
        var offsets = EventSegment.Offsets(entries);
        for (var i = 0; i < values.Length; i++) into.Add((values[i], SeqOf(segment, offsets[i])));
        _entries.Reset();
    }

    /// <summary>Reads the filters of segments from a number on; null in the place of one that is not there.</summary>
    public byte[]?[] ReadFilters(long fromSegment, long toSegment)
    {
        var filters = new byte[]?[Math.Max(0, toSegment - fromSegment)];
        for (var i = 0; i < filters.Length; i++)
        {
            if (_entries.Bind(1, EventSegment.PlaceOf(fromSegment + i, EventColumn.Filter, 0)).Step() && _entries.Blob(0) is { Length: EventSegment.FilterLength } filter) filters[i] = filter.ToArray();
            _entries.Reset();
        }

        return filters;
    }

    private static long SeqOf(long segment, ushort offset) => (segment << EventSegment.Bits) | offset;

    private ReadOnlySpan<byte> Read(long segment, EventColumn column, int bucket)
    {
        if (!_entries.Bind(1, EventSegment.PlaceOf(segment, column, bucket)).Step()) return [];
        var entries = _entries.Blob(0);
        return entries.Length % EventSegment.EntryLength == 0 ? entries : throw new FormatException("The index of events is damaged.");
    }
}
