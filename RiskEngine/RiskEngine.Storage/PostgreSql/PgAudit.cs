using System.Globalization;
using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>The audit in PostgreSQL: appends to its chain, within a transaction that holds the lock of <see cref="PgHead"/>, and reads it.</summary>
internal static class PgAudit
{
    public const string KeyName = "audit_key", HeadName = "audit_head", AnchorName = "audit_anchor";

    private const string Columns = "number, at, who, what, key_id, content, hash";

    /// <summary>Appends records in order.</summary>
    public static async Task AppendAsync(PgSession session, IReadOnlyList<AuditEntry> entries)
    {
        if (entries.Count == 0) return;
        var ends = await ReadEndsAsync(session);
        var head = ends.Head ?? await HeadLostAsync(session);
        foreach (var entry in entries)
        {
            var row = AuditRow.Append(head, entry, entry.Subject is { } subject ? await KeyOfAsync(session, PgKey.Of(subject)) : null);
            session.Later($"INSERT INTO audit ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)", row.Number, row.At.UnixMilliseconds, row.Who, row.What, row.KeyId, row.Content, row.Hash);
            head = row.Mark;
        }

        session.Later("UPDATE meta SET value = $2 WHERE name = $1", HeadName, AuditMarkCodec.Write(HeadName, head, ends.Key));
    }

    /// <summary>The ends of the chain as they were kept, null for one that was changed, and the key that they are kept under.</summary>
    public static async Task<(AuditMark? Anchor, AuditMark? Head, byte[] Key)> ReadEndsAsync(PgSession session)
    {
        var stored = (await session.QueryAsync("SELECT name, value FROM meta WHERE name = ANY($1)", row => (row.GetString(0), row.GetFieldValue<byte[]>(1)), (object)new[] { KeyName, HeadName, AnchorName }))
            .ToDictionary(row => row.Item1, row => row.Item2);
        var key = stored.GetValueOrDefault(KeyName, []);
        return (Mark(AnchorName), Mark(HeadName), key);

        AuditMark? Mark(string name) => stored.TryGetValue(name, out var bytes) && key.Length > 0 ? AuditMarkCodec.Read(name, bytes, key) : null;
    }

    public static async Task<IReadOnlyList<AuditRecord>> ReadAsync(PgSession session, long after, int limit)
    {
        var rows = await session.QueryAsync($"SELECT {Columns} FROM audit WHERE number > $1 ORDER BY number LIMIT $2", Row, after, limit);
        var ids = rows.Where(row => row.KeyId != 0).Select(row => row.KeyId).Distinct().ToArray();
        if (ids.Length == 0) return [.. rows.Select(row => row.ToRecord(null))];
        var keys = (await session.QueryAsync("SELECT id, key FROM subject_keys WHERE id = ANY($1)", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), (object)ids)).ToDictionary(row => row.Item1, row => row.Item2);
        return [.. rows.Select(row => row.ToRecord(keys.GetValueOrDefault(row.KeyId)))];
    }

    /// <summary>Records whose content is encrypted under the key of a subject.</summary>
    public static Task<long> CountAsync(PgSession session, UInt128 handle) =>
        session.ScalarAsync<long>("SELECT count(*) FROM audit WHERE key_id = (SELECT id FROM subject_keys WHERE subject = $1)", PgKey.Of(handle));

    /// <summary>Destroys the key of a subject and returns how many records nobody can read any more.</summary>
    public static async Task<long> DestroyKeyAsync(PgSession session, UInt128 handle)
    {
        var records = await CountAsync(session, handle);
        await session.ExecuteAsync("DELETE FROM subject_keys WHERE subject = $1", PgKey.Of(handle));
        return records;
    }

    /// <summary>Removes the oldest records that are over their age, a slice at a time, and makes the last of them the anchor.</summary>
    /// <returns>How many were removed; a full slice says that there may be more.</returns>
    public static async Task<int> RemoveAsync(PgSession session, EventTime before, int most)
    {
        var over = await session.QueryAsync(
            "SELECT number, hash, at FROM audit ORDER BY number LIMIT $1", row => (Mark: new AuditMark(row.GetInt64(0), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1))), At: row.GetInt64(2)), most);
        over = [.. over.TakeWhile(record => record.At < before.UnixMilliseconds)];
        if (over.Count == 0) return 0;
        var anchor = over[^1].Mark;
        var ends = await ReadEndsAsync(session);
        await session.ExecuteAsync("INSERT INTO meta (name, value) VALUES ('audit_removed', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", System.Text.Encoding.UTF8.GetBytes(anchor.Number.ToString(CultureInfo.InvariantCulture)));
        await session.ExecuteAsync("UPDATE meta SET value = $2 WHERE name = $1", AnchorName, AuditMarkCodec.Write(AnchorName, anchor, ends.Key));
        await session.ExecuteAsync("DELETE FROM audit WHERE number <= $1", anchor.Number);
        await session.ExecuteAsync("DELETE FROM subject_keys WHERE NOT EXISTS (SELECT 1 FROM audit WHERE key_id = subject_keys.id)");
        return over.Count;
    }

    private static async Task<(long Id, byte[] Key)> KeyOfAsync(PgSession session, Guid subject)
    {
        var known = await session.QueryAsync("SELECT id, key FROM subject_keys WHERE subject = $1", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), subject);
        if (known.Count > 0) return known[0];
        var key = AuditContent.NewKey();
        return (await session.ScalarAsync<long>("INSERT INTO subject_keys (subject, key) VALUES ($1, $2) RETURNING id", subject, key), key);
    }

    /// <summary>Where the chain goes on when its head was changed from outside: one number is left out, so that every later check says so.</summary>
    private static async Task<AuditMark> HeadLostAsync(PgSession session)
    {
        var last = await session.QueryAsync("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", row => new AuditMark(row.GetInt64(0), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1))));
        var mark = last.Count > 0 ? last[0] : AuditMark.Start;
        return mark with { Number = mark.Number + 1 };
    }

    private static AuditRow Row(NpgsqlDataReader row) =>
        new(row.GetInt64(0), new EventTime(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6));
}
