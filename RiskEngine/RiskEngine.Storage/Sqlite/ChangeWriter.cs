using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Carries the changes of commits over into tables, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. Allocates nothing per row.</remarks>
internal sealed class ChangeWriter
{
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _text;
    private readonly SqliteStatement _profile;
    private readonly SqliteStatement _reputation;
    private readonly SqliteStatement _pair;
    private readonly SqliteStatement _name;
    private readonly SqliteStatement _cursor;
    private readonly SqliteStatement _watermark;
    private readonly SqliteStatement _carried;
    private readonly SqliteStatement _day;
    private EventTime _newest;
    private long _seq;

    public ChangeWriter(SqliteDatabase database)
    {
        _event = database.Prepare("INSERT INTO events (seq, event_hash, subject, address, occurred_at, level, body) VALUES (?, ?, ?, ?, ?, ?, ?)");
        _text = database.Prepare("INSERT INTO texts (number, text) VALUES (?, ?)");
        _profile = database.Prepare("REPLACE INTO profiles (id, high, seen, body) VALUES (?, ?, ?, ?)");
        _reputation = database.Prepare("REPLACE INTO reputation (low, high, seen, body) VALUES (?, ?, ?, ?)");
        _pair = database.Prepare("REPLACE INTO pairs (id, high, seen, body) VALUES (?, ?, ?, ?)");
        _name = database.Prepare("REPLACE INTO names (cell, body) VALUES (?, ?)");
        _cursor = database.Prepare("REPLACE INTO cursors (source, cursor) VALUES (?, ?)");
        _watermark = database.Prepare("REPLACE INTO meta (name, value) VALUES ('watermark', ?)");
        _carried = database.Prepare("REPLACE INTO meta (name, value) VALUES ('carried', ?)");
        _day = database.Prepare("INSERT OR IGNORE INTO days (day, first_seq) VALUES (?, ?)");
        _seq = database.Number("SELECT max(seq) FROM events");
        _newest = new EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'"));
    }

    /// <summary>Gets the number of the newest event.</summary>
    public long Seq => _seq;

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
                case ChangeKind.Profile: WriteRow(_profile, ref from, 0); break;
                case ChangeKind.Reputation: WriteRow(_reputation, ref from, Unsafe.SizeOf<ReputationRow>()); break;
                case ChangeKind.Pair: WriteRow(_pair, ref from, Unsafe.SizeOf<PairRow>()); break;
                case ChangeKind.Name: _name.Bind(1, from.Varint()).Bind(2, from.Bytes(Unsafe.SizeOf<NameRow>())).Run(); break;
                case ChangeKind.Carried: _carried.Bind(1, from.Text()).Run(); break;
                case ChangeKind.Cursor: _cursor.BindText(1, from.Text()).BindText(2, from.Text()).Run(); break;
                case ChangeKind.Watermark: NoteWatermark(new EventTime((long)from.Varint()), before + 1); break;
                case var kind: throw new InvalidOperationException($"No change is of kind {kind}.");
            }
        }
    }

    private void WriteEvent(ref ByteReader from)
    {
        _event.Bind(1, ++_seq).Bind(2, from.Number()).Bind(3, from.Number()).Bind(4, from.Number()).Bind(5, from.Varint());
        var level = from.Byte();
        _ = level == byte.MaxValue ? _event.BindNull(6) : _event.Bind(6, (long)level);
        _event.Bind(7, from.Part()).Run();
    }

    private void WriteRow(SqliteStatement statement, ref ByteReader from, int length)
    {
        var high = from.Number();
        statement.Bind(1, from.Number()).Bind(2, high).Bind(3, EventIdWindow.DayOf(_newest)).Bind(4, length == 0 ? from.Text() : from.Bytes(length)).Run();
    }

    private void NoteWatermark(EventTime watermark, long firstSeq)
    {
        if (watermark <= _newest) return;
        if (EventIdWindow.DayOf(watermark) > EventIdWindow.DayOf(_newest)) _day.Bind(1, EventIdWindow.DayOf(watermark)).Bind(2, firstSeq).Run();
        _newest = watermark;
        _watermark.Bind(1, watermark.UnixMilliseconds).Run();
    }
}
