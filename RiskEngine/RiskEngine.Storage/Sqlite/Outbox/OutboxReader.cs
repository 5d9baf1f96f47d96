using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite.Outbox;

/// <summary>Reads what is owed.</summary>
internal static class OutboxReader
{
    private const string Columns = "id, responder, order_key, kind, idempotency_key, subject, payload, created_at, due_at, attempts, failure, dead, trace";

    /// <summary>
    /// The first item of each order key that nobody works on: read from the index alone. That "due_at" is that of the row with the smallest id is
    /// promised by SQLite (sqlite.org/lang_select.html, section 2.5).
    /// </summary>
    private const string Heads =
        """
        WITH heads AS (
            SELECT order_key, min(id), due_at FROM outbox
            WHERE responder = ?1 AND dead = 0 AND order_key NOT IN (SELECT value FROM json_each(?3)) GROUP BY order_key)
        """;

    public static OutboxBatch Take(SqliteReader reader, OutboxRequest request)
    {
        var except = JsonSerializer.Serialize([.. request.Except], OutboxJson.Default.StringArray);
        var items = reader.Database.Query(
            $"""
            {Heads} SELECT {Columns} FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE responder = ?1 AND dead = 0 AND order_key IN (SELECT order_key FROM heads WHERE due_at <= ?2) ORDER BY id LIMIT ?4)
            ORDER BY id
            """,
            Read, request.Responder, request.Now.UnixMilliseconds, except, request.Limit);
        if (items.Count > 0) return new OutboxBatch(items, null);
        var next = reader.Database.Query($"{Heads} SELECT min(due_at) FROM heads WHERE due_at > ?2", row => row.IsNull(0) ? (EventTime?)null : new EventTime(row.Integer(0)), request.Responder, request.Now.UnixMilliseconds, except);
        return new OutboxBatch([], next[0]);
    }

    public static IReadOnlyList<OutboxItem> List(SqliteReader reader, OutboxQuery query) => reader.Database.Query(
        $"SELECT {Columns} FROM outbox WHERE id > ?1 AND (?2 IS NULL OR responder = ?2) AND (?3 IS NULL OR dead = ?3) ORDER BY id LIMIT ?4",
        Read, query.After, query.Responder, query.IsDead is { } isDead ? (isDead ? 1 : 0) : null, query.Limit);

    public static IReadOnlyList<OutboxDepth> Depths(SqliteReader reader) => reader.Database.Query(
        "SELECT responder, sum(dead = 0), sum(dead), min(CASE dead WHEN 0 THEN created_at END) FROM outbox GROUP BY responder ORDER BY responder",
        row => new OutboxDepth(row.Text(0), row.Integer(1), row.Integer(2), row.IsNull(3) ? null : new EventTime(row.Integer(3))));

    public static long CountOf(SqliteReader reader, UInt128 subject) => reader.Database.Number("SELECT count(*) FROM outbox WHERE subject = ?", RecordWriter.BytesOf(subject));

    private static OutboxItem Read(SqliteStatement row) => new()
    {
        Id = row.Integer(0),
        Responder = row.Text(1),
        OrderKey = row.Text(2),
        Kind = row.Text(3),
        IdempotencyKey = row.Text(4),
        Subject = row.IsNull(5) ? null : System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(row.Blob(5)),
        Payload = row.Blob(6).ToArray(),
        CreatedAt = new EventTime(row.Integer(7)),
        DueAt = new EventTime(row.Integer(8)),
        Attempts = (int)row.Integer(9),
        LastFailure = row.Text(10),
        IsDead = row.Integer(11) != 0,
        Trace = row.IsNull(12) ? null : row.Text(12),
    };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class OutboxJson : System.Text.Json.Serialization.JsonSerializerContext;
