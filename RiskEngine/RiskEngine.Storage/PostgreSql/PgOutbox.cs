using System.Text;
using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>What is owed, in PostgreSQL. What adds runs within a transaction that holds the lock of <see cref="PgHead"/>, so that counts are right.</summary>
/// <param name="capacity">Items of a responder that may wait, and dead letters of it that are kept.</param>
internal sealed class PgOutbox(KeyedHash hash, int capacity)
{
    private const string Columns = "id, responder, order_key, kind, idempotency_key, subject, payload, created_at, due_at, attempts, failure, dead, trace";

    /// <summary>The first waiting item of each order key that nobody works on.</summary>
    private const string Heads =
        "WITH heads AS (SELECT DISTINCT ON (order_key) order_key, due_at FROM outbox WHERE responder = $1 AND NOT dead AND order_key <> ALL($3) ORDER BY order_key, id)";

    private const ulong OnceTweak = 0x6f6e6365;

    /// <summary>Of this replica: with several, so many an hour go out for each.</summary>
    private readonly OutboxRate _rate = new();

    /// <summary>Adds items in order.</summary>
    /// <param name="owed">Takes the responders for which something waits that did not before.</param>
    /// <param name="dead">Takes responder and reason of each item that became a dead letter at once: no room, or too many in the hour.</param>
    public async Task AddAsync(PgSession session, IReadOnlyList<OutboxItem> items, EventTime now, HashSet<string> owed, List<(string Responder, string Reason)> dead)
    {
        foreach (var item in items)
        {
            if (item.OnceFor > TimeSpan.Zero && !await IsFirstAsync(session, item, now)) continue;
            if (item.IsLatestWish) await session.ExecuteAsync("DELETE FROM outbox WHERE responder = $1 AND NOT dead AND order_key = $2 AND kind = $3", item.Responder, item.OrderKey, item.Kind);
            var reason = await CountAsync(session, item.Responder, isDead: false) >= capacity ? IOutbox.Full : _rate.IsOver(item, now) ? IOutbox.RateLimited : null;
            await session.ExecuteAsync(
                "INSERT INTO outbox (responder, order_key, kind, idempotency_key, subject, payload, created_at, due_at, attempts, failure, dead, trace) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, $8, $9, $10)",
                item.Responder, item.OrderKey, item.Kind, item.IdempotencyKey, item.Subject is { } subject ? PgKey.Of(subject) : null, item.Payload.ToArray(), now.UnixMilliseconds, reason ?? "", reason is not null, item.Trace);
            if (reason is null)
            {
                owed.Add(item.Responder);
                continue;
            }

            dead.Add((item.Responder, reason));
            await ForgetAsync(session, item.Responder);
        }
    }

    public static async Task<OutboxBatch> TakeAsync(PgSession session, OutboxRequest request)
    {
        object except = request.Except.ToArray();
        var items = await session.QueryAsync(
            $"{Heads} SELECT {Columns} FROM outbox WHERE responder = $1 AND NOT dead AND order_key IN (SELECT order_key FROM heads WHERE due_at <= $2) ORDER BY id LIMIT $4",
            Read, request.Responder, request.Now.UnixMilliseconds, except, request.Limit);
        if (items.Count > 0) return new OutboxBatch(items, null);
        var next = await session.ScalarAsync<long>($"{Heads} SELECT min(due_at) FROM heads WHERE due_at > $2", request.Responder, request.Now.UnixMilliseconds, except);
        return new OutboxBatch([], next == 0 ? null : new EventTime(next));
    }

    public static Task CompleteAsync(PgSession session, long id) => session.ExecuteAsync("DELETE FROM outbox WHERE id = $1", id);

    public static Task PostponeAsync(PgSession session, long id, EventTime due, string failure) =>
        session.ExecuteAsync("UPDATE outbox SET due_at = $2, attempts = attempts + 1, failure = $3 WHERE id = $1", id, due.UnixMilliseconds, failure);

    /// <summary>Makes a dead letter of an item and returns whose it is; null where it does not wait.</summary>
    public async Task<string?> KillAsync(PgSession session, long id, string failure)
    {
        var responder = await session.ScalarAsync<string>("UPDATE outbox SET dead = true, attempts = attempts + 1, failure = $2 WHERE id = $1 AND NOT dead RETURNING responder", id, failure);
        if (responder is not null) await ForgetAsync(session, responder);
        return responder;
    }

    /// <summary>Makes an item wait anew and returns whose it is; null where there is none.</summary>
    public static Task<string?> ReviveAsync(PgSession session, long id, EventTime now) =>
        session.ScalarAsync<string>("UPDATE outbox SET dead = false, attempts = 0, created_at = $2, due_at = $2 WHERE id = $1 RETURNING responder", id, now.UnixMilliseconds);

    public static async Task<bool> DropAsync(PgSession session, long id) => await session.ExecuteAsync("DELETE FROM outbox WHERE id = $1", id) > 0;

    public static async Task<IReadOnlyList<OutboxItem>> ListAsync(PgSession session, OutboxQuery query) => await session.QueryAsync(
        $"SELECT {Columns} FROM outbox WHERE id > $1 AND ($2::text IS NULL OR responder = $2) AND ($3::boolean IS NULL OR dead = $3) ORDER BY id LIMIT $4", Read, query.After, query.Responder, query.IsDead, query.Limit);

    public static async Task<IReadOnlyList<OutboxDepth>> DepthsAsync(PgSession session) => await session.QueryAsync(
        """
        SELECT responder, count(*) FILTER (WHERE NOT dead), count(*) FILTER (WHERE dead), min(created_at) FILTER (WHERE NOT dead) FROM outbox
        GROUP BY responder ORDER BY responder COLLATE "C"
        """,
        row => new OutboxDepth(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : new EventTime(row.GetInt64(3))));

    public static Task<long> CountOfAsync(PgSession session, Guid[] subjects) => session.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE subject = ANY($1)", subjects);

    /// <summary>Removes what tells of a subject and returns how many items that were.</summary>
    public static async Task<long> EraseAsync(PgSession session, Guid[] subjects)
    {
        await session.ExecuteAsync("DELETE FROM outbox_once WHERE subject = ANY($1)", subjects);
        return await session.ExecuteAsync("DELETE FROM outbox WHERE subject = ANY($1)", subjects);
    }

    /// <summary>Removes what has been here too long and forgets what is over.</summary>
    /// <returns>The items that were removed.</returns>
    public static async Task<int> TidyAsync(PgSession session, EventTime now)
    {
        await session.ExecuteAsync("DELETE FROM outbox_once WHERE until <= $1", now.UnixMilliseconds);
        return await session.ExecuteAsync("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT 1000) AND created_at < $1", (now - IOutbox.LongestAge).UnixMilliseconds);
    }

    private async Task<bool> IsFirstAsync(PgSession session, OutboxItem item, EventTime now)
    {
        var key = PgKey.Of(hash.Hash(Encoding.UTF8.GetBytes($"{item.Responder}\0{item.IdempotencyKey}"), OnceTweak));
        var until = await session.ScalarAsync<long>("SELECT until FROM outbox_once WHERE key = $1", key);
        if (until > now.UnixMilliseconds) return false;
        if (until == 0 && await session.ScalarAsync<long>("SELECT count(*) FROM outbox_once") >= capacity)
            await session.ExecuteAsync("DELETE FROM outbox_once WHERE key = (SELECT key FROM outbox_once ORDER BY until LIMIT 1)");
        await session.ExecuteAsync(
            "INSERT INTO outbox_once (key, until, subject) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET until = excluded.until, subject = excluded.subject",
            key, (now + item.OnceFor).UnixMilliseconds, item.Subject is { } subject ? PgKey.Of(subject) : null);
        return true;
    }

    /// <summary>Gives the oldest dead letter of a responder up where there are too many.</summary>
    private async Task ForgetAsync(PgSession session, string responder)
    {
        if (await CountAsync(session, responder, isDead: true) > capacity)
            await session.ExecuteAsync("DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox WHERE responder = $1 AND dead)", responder);
    }

    private static Task<long> CountAsync(PgSession session, string responder, bool isDead) =>
        session.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE responder = $1 AND dead = $2", responder, isDead);

    private static OutboxItem Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Responder = row.GetString(1),
        OrderKey = row.GetString(2),
        Kind = row.GetString(3),
        IdempotencyKey = row.GetString(4),
        Subject = row.IsDBNull(5) ? null : PgKey.From(row.GetGuid(5)),
        Payload = row.GetFieldValue<byte[]>(6),
        CreatedAt = new EventTime(row.GetInt64(7)),
        DueAt = new EventTime(row.GetInt64(8)),
        Attempts = row.GetInt32(9),
        LastFailure = row.GetString(10),
        IsDead = row.GetBoolean(11),
        Trace = row.IsDBNull(12) ? null : row.GetString(12),
    };
}
