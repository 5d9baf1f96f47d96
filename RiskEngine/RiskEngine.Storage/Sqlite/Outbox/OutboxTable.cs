using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite.Outbox;

/// <summary>Writes what is owed, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. After a failed transaction it is thrown away with its connection, so that its counts are those of the file.</remarks>
internal sealed class OutboxTable
{
    /// <summary>The oldest dead letter of a responder, from an index of its own.</summary>
    internal const string OldestDead = "SELECT min(id) FROM outbox WHERE responder = ? AND dead = 1";

    private const int PerSlice = 500;

    private readonly SqliteDatabase _database;
    private readonly KeyedHash _hash;
    private readonly int _capacity;
    private readonly Dictionary<(string Responder, bool IsDead), long> _counts = [];
    private readonly OutboxRate _rate = new();
    private long _once;

    /// <param name="capacity">Items of a responder that may wait, and dead letters of it that are kept.</param>
    public OutboxTable(SqliteDatabase database, KeyedHash hash, int capacity)
    {
        (_database, _hash, _capacity) = (database, hash, capacity);
        foreach (var (responder, dead, count) in database.Query("SELECT responder, dead, count(*) FROM outbox GROUP BY responder, dead", row => (row.Text(0), row.Integer(1), row.Integer(2)))) _counts[(responder, dead != 0)] = count;
        _once = database.Number("SELECT count(*) FROM outbox_once");
    }

    /// <summary>Adds items in order.</summary>
    /// <param name="owed">Takes the responders for which something waits that did not before.</param>
    /// <param name="dead">Takes responder and reason of each item that became a dead letter at once: no room, or too many in the hour.</param>
    public void Add(IReadOnlyList<OutboxItem> items, EventTime now, HashSet<string> owed, List<(string Responder, string Reason)> dead)
    {
        foreach (var item in items)
        {
            if (item.OnceFor > TimeSpan.Zero && !IsFirst(item, now)) continue;
            if (item.IsLatestWish) Remove("responder = ? AND dead = 0 AND order_key = ? AND kind = ?", item.Responder, item.OrderKey, item.Kind);
            var reason = Count(item.Responder, isDead: false) >= _capacity ? IOutbox.Full : _rate.IsOver(item, now) ? IOutbox.RateLimited : null;
            var isDead = reason is not null;
            _database.Execute(
                "INSERT INTO outbox (responder, order_key, kind, idempotency_key, subject, payload, created_at, due_at, attempts, failure, dead, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
                item.Responder, item.OrderKey, item.Kind, item.IdempotencyKey, item.Subject is { } subject ? RecordWriter.BytesOf(subject) : null, item.Payload.ToArray(),
                now.UnixMilliseconds, now.UnixMilliseconds, reason ?? "", isDead ? 1 : 0, item.Trace);
            Note(item.Responder, isDead, 1);
            if (reason is null)
            {
                owed.Add(item.Responder);
                continue;
            }

            dead.Add((item.Responder, reason));
            Forget(item.Responder);
        }
    }

    public void Complete(long id) => Remove("id = ?", id);

    public void Postpone(long id, EventTime due, string failure) =>
        _database.Execute("UPDATE outbox SET due_at = ?, attempts = attempts + 1, failure = ? WHERE id = ?", due.UnixMilliseconds, failure, id);

    /// <summary>Makes a dead letter of an item and returns whose it is; null where it does not wait.</summary>
    public string? Kill(long id, string failure)
    {
        if (_database.Query("SELECT responder FROM outbox WHERE id = ? AND dead = 0", row => row.Text(0), id) is not [var responder]) return null;
        _database.Execute("UPDATE outbox SET dead = 1, attempts = attempts + 1, failure = ? WHERE id = ?", failure, id);
        Note(responder, isDead: false, -1);
        Note(responder, isDead: true, 1);
        Forget(responder);
        return responder;
    }

    /// <summary>Makes an item wait anew and returns whose it is; null where there is none.</summary>
    public string? Revive(long id, EventTime now)
    {
        if (_database.Query("SELECT responder, dead FROM outbox WHERE id = ?", row => (row.Text(0), row.Integer(1) != 0), id) is not [var (responder, isDead)]) return null;
        _database.Execute("UPDATE outbox SET dead = 0, attempts = 0, created_at = ?, due_at = ? WHERE id = ?", now.UnixMilliseconds, now.UnixMilliseconds, id);
        Note(responder, isDead, -1);
        Note(responder, isDead: false, 1);
        return responder;
    }

    public bool Drop(long id) => Remove("id = ?", id) > 0;

    /// <summary>Removes what tells of a subject and returns how many items that were.</summary>
    public long Erase(IReadOnlyList<UInt128> handles)
    {
        var removed = 0L;
        foreach (var subject in handles.Select(RecordWriter.BytesOf))
        {
            _database.Execute("DELETE FROM outbox_once WHERE subject = ?", subject);
            _once -= _database.Changes;
            removed += Remove("subject = ?", subject);
        }

        WriteAnew("outbox");
        WriteAnew("outbox_once");
        return removed;
    }

    /// <summary>Removes a slice of what has been here too long, and forgets a slice of what is over.</summary>
    /// <returns>The items that were removed.</returns>
    public long Tidy(EventTime now)
    {
        if (_once > 0)
        {
            _database.Execute($"DELETE FROM outbox_once WHERE key IN (SELECT key FROM outbox_once WHERE until <= ? ORDER BY until LIMIT {PerSlice})", now.UnixMilliseconds);
            _once -= _database.Changes;
        }

        return _counts.Values.Sum() == 0 ? 0 : Remove($"id IN (SELECT id FROM outbox ORDER BY id LIMIT {PerSlice}) AND created_at < ?", (now - IOutbox.LongestAge).UnixMilliseconds);
    }

    /// <summary>Gives all pages of a table up, to be overwritten like every free page, and writes what is in it onto new ones.</summary>
    /// <remarks>Items come and go all the time, and where SQLite splits and joins pages copies of rows stay behind between the cells, also of rows long done.</remarks>
    private void WriteAnew(string table) =>
        _database.Execute($"CREATE TEMP TABLE kept AS SELECT * FROM {table}; DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept");

    private bool IsFirst(OutboxItem item, EventTime now)
    {
        var key = RecordWriter.BytesOf(_hash.Hash(System.Text.Encoding.UTF8.GetBytes($"{item.Responder}\0{item.IdempotencyKey}"), OnceTweak));
        if (_database.Number("SELECT until FROM outbox_once WHERE key = ?", key) is var until && until > now.UnixMilliseconds) return false;
        if (until == 0 && ++_once > _capacity)
        {
            _database.Execute("DELETE FROM outbox_once WHERE key = (SELECT key FROM outbox_once ORDER BY until LIMIT 1)");
            _once -= _database.Changes;
        }

        _database.Execute("REPLACE INTO outbox_once (key, until, subject) VALUES (?, ?, ?)", key, (now + item.OnceFor).UnixMilliseconds, item.Subject is { } subject ? RecordWriter.BytesOf(subject) : null);
        return true;
    }

    /// <summary>Gives the oldest dead letter of a responder up where there are too many.</summary>
    private void Forget(string responder)
    {
        if (Count(responder, isDead: true) > _capacity) Remove($"id = ({OldestDead})", responder);
    }

    private long Remove(string condition, params ReadOnlySpan<object?> arguments)
    {
        var removed = _database.Query($"DELETE FROM outbox WHERE {condition} RETURNING responder, dead", row => (row.Text(0), row.Integer(1) != 0), arguments);
        foreach (var (responder, isDead) in removed) Note(responder, isDead, -1);
        return removed.Count;
    }

    private long Count(string responder, bool isDead) => _counts.GetValueOrDefault((responder, isDead));

    private void Note(string responder, bool isDead, long change) => _counts[(responder, isDead)] = Count(responder, isDead) + change;

    private const ulong OnceTweak = 0x6f6e6365;
}
