using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Moving;

/// <summary>Stored events: each gets the partition of its day and its whole key, and its texts in the place of their numbers.</summary>
internal sealed record MovedEvents : MovedTable
{
    private const int DayColumn = 0, KeyColumn = 2, BodyColumn = 7;

    private readonly StoredEventCodec _codec;
    private readonly KeyedHash _hash;
    private readonly List<(long FirstSeq, int Day)> _days;
    private readonly ByteBuffer _buffer = new();

    public MovedEvents(SqliteDatabase file, KeyedHash hash)
        : base(
            "events", "events", "events", ["seq"],
            [
                new("day", ColumnKind.Day, "0"), new("seq", ColumnKind.Integer), new("event_key", ColumnKind.Halves, "event_hash, 0"), new("subject", ColumnKind.Integer), new("address", ColumnKind.Integer),
                new("occurred_at", ColumnKind.Integer), new("level", ColumnKind.Small), new("body", ColumnKind.Bytes),
            ])
    {
        var texts = new TextTable();
        texts.Reset(file.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray()));
        (_codec, _hash) = (new StoredEventCodec(texts), hash);
        _days = file.Query("SELECT first_seq, day FROM days ORDER BY first_seq", row => (row.Integer(0), (int)row.Integer(1)));
    }

    /// <summary>Gets how many erased events have no id any more by which they could be told as repeats.</summary>
    public long Nameless { get; private set; }

    protected override object?[] Complete(object?[] row)
    {
        var body = (byte[])row[BodyColumn]!;
        var stored = _codec.Read(body);
        _buffer.Clear();
        _codec.Inline(body, _buffer);
        row[BodyColumn] = _buffer.Written.ToArray();
        row[DayColumn] = DayOf((long)row[1]!, stored.OccurredAt);
        if (stored.EventId.Length == 0)
        {
            Nameless++;
            return row;
        }

        var key = StateKeys.Event(_hash, Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.EventId));
        if ((ulong)key != (ulong)PgKey.From((Guid)row[KeyColumn]!)) throw new FormatException($"event {row[1]} does not belong to the number that it is found by");
        row[KeyColumn] = PgKey.Of(key);
        return row;
    }

    /// <summary>The day that the watermark had reached when the event was stored.</summary>
    private int DayOf(long seq, EventTime occurredAt)
    {
        var (low, high) = (0, _days.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_days[middle].FirstSeq <= seq) low = middle + 1; else high = middle;
        }

        return low > 0 ? _days[low - 1].Day : _days.Count > 0 ? _days[0].Day : (int)occurredAt.UnixDays;
    }
}
