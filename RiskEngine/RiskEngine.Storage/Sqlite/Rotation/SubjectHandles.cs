using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>What the audit's keys, people's words on events and what is owed to responders know a subject by (<see cref="SubjectHandle"/>), and what that is under the new secret.</summary>
internal sealed class SubjectHandles
{
    private readonly SqliteDatabase _database;
    private readonly KeyedHash _before;
    private readonly KeyedHash _after;
    private readonly Dictionary<UInt128, UInt128?> _handles = [];
    private readonly HashSet<string> _tenants = ["default"];

    public SubjectHandles(SqliteDatabase database, KeyedHash before, KeyedHash after)
    {
        (_database, _before, _after) = (database, before, after);
        foreach (var handle in database.Query("SELECT subject FROM subject_keys UNION SELECT subject FROM feedback WHERE subject IS NOT NULL UNION SELECT subject FROM outbox WHERE subject IS NOT NULL", row => BinaryPrimitives.ReadUInt128BigEndian(row.Blob(0)))) _handles[handle] = null;
    }

    public static byte[] BytesOf(UInt128 handle)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, handle);
        return bytes;
    }

    /// <summary>Notes an id or a name that may be one of them.</summary>
    public void See(string tenant, string subject)
    {
        _tenants.Add(tenant);
        if (_handles.Count == 0 || subject.Length == 0) return;
        var before = SubjectHandle.Of(_before, tenant, subject);
        if (_handles.TryGetValue(before, out var known) && known is null) _handles[before] = SubjectHandle.Of(_after, tenant, subject);
    }

    /// <summary>Writes what is known now. A key of the audit whose subject is not stays, and is found by nobody; words on events stay as from before words had a subject.</summary>
    public void Write(RotationCount count)
    {
        foreach (var (id, subject, key) in _database.Query("SELECT id, subject, key FROM subject_keys", row => (row.Integer(0), row.Blob(1).ToArray(), row.Blob(2).ToArray())))
        {
            var handle = BinaryPrimitives.ReadUInt128BigEndian(subject);
            if (_handles[handle] is null) SeeTargets(id, key);
            if (_handles[handle] is null) count.Lose(RotationReport.AuditKeys); else count.Keep(RotationReport.AuditKeys);
            _database.Execute("UPDATE subject_keys SET subject = ? WHERE id = ?", BytesOf(_handles[handle] ?? _after.Hash(subject)), id);
        }

        foreach (var (id, subject) in _database.Query("SELECT id, subject FROM feedback WHERE subject IS NOT NULL", row => (row.Integer(0), row.Blob(1).ToArray())))
        {
            var handle = _handles[BinaryPrimitives.ReadUInt128BigEndian(subject)];
            if (handle is null) count.Lose(RotationReport.Feedback); else count.Keep(RotationReport.Feedback);
            _database.Execute("UPDATE feedback SET subject = ? WHERE id = ?", handle is { } known ? BytesOf(known) : null, id);
        }

        WriteOutbox(count);
    }

    /// <summary>Writes whom items of the outbox tell of, also where their order names the subject, so that what is owed later takes its turn behind them. One whose subject is not known any more could not be erased with it, and goes.</summary>
    private void WriteOutbox(RotationCount count)
    {
        foreach (var (id, subject) in _database.Query("SELECT id, subject FROM outbox WHERE subject IS NOT NULL", row => (row.Integer(0), row.Blob(1).ToArray())))
        {
            if (_handles[BinaryPrimitives.ReadUInt128BigEndian(subject)] is { } handle)
            {
                count.Keep(RotationReport.Outbox);
                _database.Execute(
                    "UPDATE outbox SET subject = ?, order_key = replace(order_key, ?, ?) WHERE id = ?",
                    BytesOf(handle), $"{BinaryPrimitives.ReadUInt128BigEndian(subject):x32}", $"{handle:x32}", id);
            }
            else
            {
                count.Lose(RotationReport.Outbox);
                _database.Execute("DELETE FROM outbox WHERE id = ?", id);
            }
        }

        _database.Execute("DELETE FROM outbox_once");
    }

    /// <summary>Tries whom the records name that are encrypted under a key.</summary>
    private void SeeTargets(long keyId, byte[] key)
    {
        foreach (var (number, content) in _database.Query("SELECT number, content FROM audit WHERE key_id = ?", row => (row.Integer(0), row.Blob(1).ToArray()), keyId))
        {
            if (AuditContent.Open(content, key, number) is not { } plain) continue;
            var target = AuditContent.Read(plain).Target;
            var name = target.StartsWith("subject:", StringComparison.Ordinal) ? target["subject:".Length..]
                : target.StartsWith("pair:", StringComparison.Ordinal) && target.LastIndexOf('@') is > 5 and var at ? target["pair:".Length..at]
                : "";
            foreach (var tenant in _tenants.ToArray()) See(tenant, name);
        }
    }
}
