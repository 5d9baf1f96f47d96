using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Writes events, texts, cursors and the watermark of commits into their tables, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. Allocates nothing per row.</remarks>
internal sealed class ChangeWriter
{
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _text;
    private readonly SqliteStatement _cursor;
    private readonly SqliteStatement _watermark;
    private readonly SqliteStatement _carried;
    private readonly SqliteStatement _day;
    private readonly SqliteStatement _rows;
    private readonly EventIndexWriter _index;
    private EventTime _newest;
    private long _seq;

    public ChangeWriter(SqliteDatabase database)
    {
        _event = database.Prepare("INSERT INTO events (seq, event_hash, subject, address, occurred_at, level, body) VALUES (?, ?, ?, ?, ?, ?, ?)");
        _text = database.Prepare("INSERT INTO texts (number, text) VALUES (?, ?)");
        _cursor = database.Prepare("REPLACE INTO cursors (source, cursor) VALUES (?, ?)");
        _watermark = database.Prepare("REPLACE INTO meta (name, value) VALUES ('watermark', ?)");
        _carried = database.Prepare("REPLACE INTO meta (name, value) VALUES ('carried', ?)");
        _day = database.Prepare("INSERT OR IGNORE INTO days (day, first_seq) VALUES (?, ?)");
        _rows = database.Prepare("UPDATE meta SET value = max(0, value + ?) WHERE name = ?");
        _index = new EventIndexWriter(database);
        _seq = database.Number("SELECT max(seq) FROM events");
        _newest = new EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'"));
    }

    /// <summary>Gets the number of the newest event.</summary>
    public long Seq => _seq;

    /// <summary>Gets the day of the newest event, in days since 1970.</summary>
    public long Day => EventIdWindow.DayOf(_newest);

    /// <summary>Counts rows of a table as they come and go.</summary>
    public void CountRows(ReadOnlySpan<byte> table, long added)
    {
        if (added != 0) _rows.Bind(1, added).BindText(2, table).Run();
    }

    public void Apply(ReadOnlySpan<byte> changes)
    {
        var before = _seq;
        var from = new ByteReader(changes);
        while (!from.IsAtEnd)
        {
            switch ((ChangeKind)from.Byte())
            {
                case ChangeKind.Event: WriteEvent(ref from); break;
                case ChangeKind.Text: _text.Bind(1, from.Varint()).Bind(2, from.Text()).Run(); break;
                case ChangeKind.NewRows:
                    CountRows("profiles"u8, (long)from.Varint());
                    CountRows("reputation"u8, (long)from.Varint());
                    break;
                case ChangeKind.Carried: _carried.Bind(1, from.Text()).Run(); break;
                case ChangeKind.Cursor: _cursor.BindText(1, from.Text()).BindText(2, from.Text()).Run(); break;
                case ChangeKind.Watermark: NoteWatermark(new EventTime((long)from.Varint()), before + 1); break;
                case var kind: throw new InvalidOperationException($"No change is of kind {kind}.");
            }
        }
    }

    /// <summary>Puts another body in the place of an event's and takes it out of what events are found by, but for its id.</summary>
    public void EraseEvent(SqliteDatabase database, long seq, byte[] body)
    {
        var (subject, address) = database.Query("SELECT subject, address FROM events WHERE seq = ?", row => (row.Bits(0), row.Bits(1)), seq)[0];
        database.Execute("UPDATE events SET subject = 0, address = 0, level = NULL, body = ? WHERE seq = ?", body, seq);
        _index.Erase(database, seq, subject, address);
    }

    private void WriteEvent(ref ByteReader from)
    {
        var (id, subject, address) = (from.Number(), from.Number(), from.Number());
        _event.Bind(1, ++_seq).Bind(2, id).Bind(3, subject).Bind(4, address).Bind(5, from.Varint());
        var level = from.Byte();
        _ = level == byte.MaxValue ? _event.BindNull(6) : _event.Bind(6, (long)level);
        _event.Bind(7, from.Part()).Run();
        _index.Add(_seq, id, subject, address);
    }

    private void NoteWatermark(EventTime watermark, long firstSeq)
    {
        if (watermark <= _newest) return;
        if (EventIdWindow.DayOf(watermark) > EventIdWindow.DayOf(_newest)) _day.Bind(1, EventIdWindow.DayOf(watermark)).Bind(2, firstSeq).Run();
        _newest = watermark;
        _watermark.Bind(1, watermark.UnixMilliseconds).Run();
    }
}
