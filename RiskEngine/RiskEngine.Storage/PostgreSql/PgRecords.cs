using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Words of people, keys and cursors in PostgreSQL.</summary>
internal static class PgRecords
{
    public static async Task<byte[]> MetaAsync(PgSession session, string name) => await session.ScalarAsync<byte[]>("SELECT value FROM meta WHERE name = $1", name) ?? [];

    public static Task PutMetaAsync(PgSession session, string name, byte[] value) =>
        session.ExecuteAsync("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);

    /// <param name="subject">Whose event it is, see <see cref="SubjectHandle"/>.</param>
    public static Task AddFeedbackAsync(PgSession session, Feedback feedback, UInt128 subject) => session.ExecuteAsync(
        "INSERT INTO feedback (tenant, event_id, label, note, who, at, subject) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        feedback.Tenant, feedback.EventId, (short)feedback.Label, feedback.Note, feedback.Who, feedback.At.UnixMilliseconds, PgKey.Of(subject));

    /// <summary>The last word on each of those events.</summary>
    public static async Task<IReadOnlyDictionary<string, Feedback>> FindFeedbackAsync(PgSession session, string tenant, IReadOnlyCollection<string> eventIds)
    {
        var found = await session.QueryAsync(
            "SELECT DISTINCT ON (event_id) event_id, label, note, who, at FROM feedback WHERE event_id = ANY($1) AND tenant = $2 ORDER BY event_id, id DESC",
            row => new Feedback(tenant, row.GetString(0), (FeedbackLabel)row.GetInt16(1), row.GetString(2), row.GetString(3), new EventTime(row.GetInt64(4))), eventIds.ToArray(), tenant);
        return found.ToDictionary(feedback => feedback.EventId);
    }

    /// <summary>The last word on each event that somebody said anything of, in the order of these words.</summary>
    public static async Task<IReadOnlyList<StoredWord>> LastWordsAsync(PgSession session) => await session.QueryAsync(
        "SELECT tenant, event_id, label, who FROM feedback WHERE id IN (SELECT max(id) FROM feedback GROUP BY tenant, event_id) ORDER BY id",
        row => new StoredWord(row.GetString(0), row.GetString(1), (FeedbackLabel)row.GetInt16(2), row.GetString(3)));

    /// <summary>Whether somebody has said something of that event.</summary>
    public static async Task<bool> HasSaidAsync(PgSession session, Feedback feedback) =>
        await session.ScalarAsync<long>("SELECT count(*) FROM feedback WHERE event_id = $1 AND tenant = $2 AND who = $3", feedback.EventId, feedback.Tenant, feedback.Who) > 0;

    /// <summary>Events of a subject that were ever called compromised, those of the newest words first.</summary>
    public static async Task<IReadOnlyList<CompromisedEvent>> CompromisedAsync(PgSession session, string tenant, UInt128 subject) => await session.QueryAsync(
        """
        SELECT event_id, (SELECT label FROM feedback AS last WHERE last.event_id = word.event_id AND last.tenant = word.tenant ORDER BY id DESC LIMIT 1)
        FROM feedback AS word WHERE subject = $1 AND tenant = $2 AND label = $3 GROUP BY event_id, tenant ORDER BY max(id) DESC LIMIT $4
        """,
        row => new CompromisedEvent(row.GetString(0), (FeedbackLabel)row.GetInt16(1) == FeedbackLabel.Compromised), PgKey.Of(subject), tenant, (short)FeedbackLabel.Compromised, CompromisedEvent.Most);

    public static async Task<IReadOnlyList<ApiKey>> KeysAsync(PgSession session) => await session.QueryAsync(
        "SELECT name, sha256, scopes, created_at, until FROM api_keys ORDER BY name",
        row => new ApiKey(
            row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries), new EventTime(row.GetInt64(3)),
            row.IsDBNull(4) ? null : new EventTime(row.GetInt64(4))));

    public static Task PutKeyAsync(PgSession session, ApiKey key) => session.ExecuteAsync(
        """
        INSERT INTO api_keys (name, sha256, scopes, created_at, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, scopes = excluded.scopes, created_at = excluded.created_at, until = excluded.until
        """,
        key.Name, key.Sha256, string.Join(' ', key.Scopes), key.CreatedAt.UnixMilliseconds, key.Until?.UnixMilliseconds);

    /// <summary>The same unless there is one of its name.</summary>
    public static async Task<bool> TryPutKeyAsync(PgSession session, ApiKey key)
    {
        if (await session.ScalarAsync<long>("SELECT count(*) FROM api_keys WHERE name = $1", key.Name) > 0) return false;
        await PutKeyAsync(session, key);
        return true;
    }

    public static async Task<bool> RemoveKeyAsync(PgSession session, string name) => await session.ExecuteAsync("DELETE FROM api_keys WHERE name = $1", name) > 0;

    public static Task<string?> CursorAsync(PgSession session, string source) => session.ScalarAsync<string>("SELECT cursor FROM cursors WHERE source = $1", source);

    public static void PutCursorsLater(PgSession session, IReadOnlyDictionary<string, string>? cursors)
    {
        foreach (var (source, cursor) in cursors ?? new Dictionary<string, string>())
            session.Later("INSERT INTO cursors (source, cursor) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor", source, cursor);
    }
}
