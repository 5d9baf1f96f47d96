using System.Buffers.Binary;
using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The audit in the file: appends to its chain, within the transaction under way, and reads it.</summary>
/// <remarks>Belongs to one connection. After a failed transaction it is thrown away with it, so the chain goes on from what is durable.</remarks>
internal sealed class AuditTable(SqliteDatabase database)
{
    private const string KeyName = "audit_key", HeadName = "audit_head", AnchorName = "audit_anchor";

    private AuditMark? _head;
    private byte[]? _key;

    /// <summary>Makes what a chain needs, and takes over records from before there was one; all or nothing, within the transaction under way.</summary>
    public static void Prepare(SqliteDatabase database, KeyedHash hash)
    {
        if (Meta(database, KeyName) is null) database.Execute("INSERT INTO meta (name, value) VALUES (?, ?)", KeyName, RandomNumberGenerator.GetBytes(AuditMarkCodec.KeyLength));
        var table = new AuditTable(database);
        if (Meta(database, HeadName) is null) table.WriteMark(HeadName, AuditMark.Start);
        if (Meta(database, AnchorName) is null) table.WriteMark(AnchorName, AuditMark.Start);
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'audit_before'") == 0) return;
        using (var rows = database.Once("SELECT at, who, what, target, detail FROM audit_before ORDER BY id"))
        {
            while (rows.Step())
            {
                var target = rows.Text(3);
                table.Append(new AuditEntry(0, new EventTime(rows.Integer(0)), rows.Text(1), rows.Text(2), target, rows.Text(4)) { Subject = SubjectOf(hash, target) });
            }
        }

        database.Execute("DROP TABLE audit_before");
    }

    public void Append(AuditEntry entry)
    {
        var head = _head ?? ReadMark(HeadName) ?? HeadLost();
        var row = AuditRow.Append(head, entry, entry.Subject is { } subject ? KeyOf(subject) : null);
        database.Execute(
            "INSERT INTO audit (number, at, who, what, key_id, content, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
            row.Number, row.At.UnixMilliseconds, row.Who, row.What, row.KeyId, row.Content, row.Hash);
        WriteMark(HeadName, row.Mark);
        _head = row.Mark;
    }

    /// <summary>Removes records up to a number and makes the last of them the anchor.</summary>
    /// <returns>How many were removed.</returns>
    public long RemoveThrough(AuditMark anchor)
    {
        database.Execute("REPLACE INTO meta (name, value) VALUES ('audit_removed', ?)", anchor.Number);
        WriteMark(AnchorName, anchor);
        database.Execute("DELETE FROM audit WHERE number <= ?", anchor.Number);
        return database.Changes;
    }

    /// <summary>Records whose content is encrypted under the key of a subject.</summary>
    public static long CountOf(SqliteDatabase database, UInt128 handle) =>
        database.Number("SELECT count(*) FROM audit WHERE key_id = (SELECT id FROM subject_keys WHERE subject = ?)", BytesOf(handle));

    /// <summary>Destroys the key of a subject and returns how many records nobody can read any more.</summary>
    public long DestroyKey(UInt128 handle)
    {
        var records = CountOf(database, handle);
        database.Execute("DELETE FROM subject_keys WHERE subject = ?", BytesOf(handle));
        return records;
    }

    /// <summary>Hands out the records after a number in order, as stored.</summary>
    public IEnumerable<AuditRow> Rows(long after)
    {
        using var rows = database.Once("SELECT number, at, who, what, key_id, content, hash FROM audit WHERE number > ? ORDER BY number", after);
        while (rows.Step())
        {
            yield return new AuditRow(
                rows.Integer(0), new EventTime(rows.Integer(1)), rows.Text(2), rows.Text(3), rows.Integer(4), rows.Blob(5).ToArray(), rows.Blob(6).ToArray());
        }
    }

    /// <summary>What people read of a row.</summary>
    public AuditRecord Tell(AuditRow row) =>
        row.ToRecord(row.KeyId == 0 ? null : database.Query("SELECT key FROM subject_keys WHERE id = ?", key => key.Blob(0).ToArray(), row.KeyId).FirstOrDefault());

    /// <summary>The ends of the chain as they were kept; null for one that was changed.</summary>
    public (AuditMark? Anchor, AuditMark? Head) Ends() => (ReadMark(AnchorName), ReadMark(HeadName));

    private static byte[]? Meta(SqliteDatabase database, string name) => database.Query("SELECT value FROM meta WHERE name = ?", row => row.Blob(0).ToArray(), name).FirstOrDefault();

    /// <summary>Whom a record from before the chain names, as far as its target says so; the tenant was not noted.</summary>
    private static UInt128? SubjectOf(KeyedHash hash, string target)
    {
        if (target.StartsWith("subject:", StringComparison.Ordinal)) return SubjectHandle.Of(hash, "default", target["subject:".Length..]);
        if (!target.StartsWith("pair:", StringComparison.Ordinal) || target.LastIndexOf('@') is var at && at < 0) return null;
        return SubjectHandle.Of(hash, "default", target["pair:".Length..at]);
    }

    private (long Id, byte[] Key) KeyOf(UInt128 subject)
    {
        var name = BytesOf(subject);
        if (database.Query("SELECT id, key FROM subject_keys WHERE subject = ?", row => (row.Integer(0), row.Blob(1).ToArray()), name) is [var known]) return known;
        var key = AuditContent.NewKey();
        database.Execute("INSERT INTO subject_keys (subject, key) VALUES (?, ?)", name, key);
        return (database.LastId, key);
    }

    /// <summary>Where the chain goes on when its head was changed from outside: one number is left out, so that every later check says so.</summary>
    private AuditMark HeadLost()
    {
        var last = database.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", row => new AuditMark(row.Integer(0), Convert.ToHexStringLower(row.Blob(1)))).FirstOrDefault() ?? AuditMark.Start;
        return last with { Number = last.Number + 1 };
    }

    private static byte[] BytesOf(UInt128 subject)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, subject);
        return bytes;
    }

    private AuditMark? ReadMark(string name) => Meta(database, name) is { } bytes && Key is { } key ? AuditMarkCodec.Read(name, bytes, key) : null;

    private void WriteMark(string name, AuditMark mark) => database.Execute("REPLACE INTO meta (name, value) VALUES (?, ?)", name, AuditMarkCodec.Write(name, mark, Key!));

    private byte[]? Key => _key ??= Meta(database, KeyName);
}
