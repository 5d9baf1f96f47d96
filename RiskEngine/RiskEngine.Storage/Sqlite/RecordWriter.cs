using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Writes the records beside the hot path, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. These are rare: statements are prepared as they come.</remarks>
internal sealed class RecordWriter(SqliteDatabase database)
{
    public AuditTable Audit { get; } = new(database);

    /// <summary>Writes a block in the place of the one for the same thing. What a person asked for gives way to no rule while it lasts.</summary>
    public void PutBlock(BlockList list, Block block, BlockKey key)
    {
        database.Execute(
            """
            INSERT INTO blocks (id, list, scope, key, prefix_length, value, tenant, reason, origin, owner, created_at, until, enforced, event_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (list, scope, key, prefix_length) DO UPDATE SET
                id = excluded.id, value = excluded.value, tenant = excluded.tenant, reason = excluded.reason, origin = excluded.origin, owner = excluded.owner,
                created_at = excluded.created_at, until = excluded.until, enforced = excluded.enforced, event_id = excluded.event_id
            WHERE excluded.origin <> 0 OR blocks.origin = 0 OR blocks.until <= excluded.created_at
            """,
            block.Id, (int)list, (int)block.Scope, BytesOf(key.Key), block.Scope == BlockScope.Range ? key.PrefixLength : 128, block.Value, block.Tenant, block.Reason,
            (int)block.Origin, block.Owner, block.CreatedAt.UnixMilliseconds, block.Until?.UnixMilliseconds, (block.Enforced ? 1 : 0) | (block.IsHint ? 2 : 0), block.EventId);
    }

    /// <summary>Whether there was one with that id.</summary>
    public bool RemoveBlock(BlockList list, long id)
    {
        database.Execute("DELETE FROM blocks WHERE id = ? AND list = ?", id, (int)list);
        return database.Changes > 0;
    }

    public void AddAudit(AuditEntry entry) => Audit.Append(entry);

    /// <param name="subject">Whose event it is, see <see cref="SubjectHandle"/>.</param>
    public void AddFeedback(Feedback feedback, UInt128 subject) => database.Execute(
        "INSERT INTO feedback (tenant, event_id, label, note, who, at, subject) VALUES (?, ?, ?, ?, ?, ?, ?)",
        feedback.Tenant, feedback.EventId, (int)feedback.Label, feedback.Note, feedback.Who, feedback.At.UnixMilliseconds, BytesOf(subject));

    /// <summary>Whether the same person said something of that event before.</summary>
    public bool HasSaid(Feedback feedback) =>
        database.Number("SELECT EXISTS (SELECT 1 FROM feedback WHERE event_id = ? AND tenant = ? AND who = ?)", feedback.EventId, feedback.Tenant, feedback.Who) != 0;

    /// <summary>Removes the words on a subject's events, also where the events are gone, and returns how many there were.</summary>
    public long RemoveFeedback(UInt128 subject)
    {
        database.Execute("DELETE FROM feedback WHERE subject = ?", BytesOf(subject));
        return database.Changes;
    }

    public void PutOperators(byte[] value) => database.Execute("REPLACE INTO meta (name, value) VALUES ('operators', ?)", value);

    public void PutKey(ApiKey key) => database.Execute(
        "REPLACE INTO keys (name, sha256, scopes, created_at, until) VALUES (?, ?, ?, ?, ?)",
        key.Name, key.Sha256, string.Join(' ', key.Scopes), key.CreatedAt.UnixMilliseconds, key.Until?.UnixMilliseconds);

    /// <summary>The same unless there is one of its name.</summary>
    public bool TryPutKey(ApiKey key)
    {
        if (database.Number("SELECT count(*) FROM keys WHERE name = ?", key.Name) > 0) return false;
        PutKey(key);
        return true;
    }

    public bool RemoveKey(string name)
    {
        database.Execute("DELETE FROM keys WHERE name = ?", name);
        return database.Changes > 0;
    }

    internal static byte[] BytesOf(UInt128 key)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return bytes;
    }
}
