using System.Buffers.Binary;
using RiskEngine.Storage.Rotation;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>Hashes anew whose the audit's keys, words on events and what is owed are, within the transaction under way.</summary>
internal sealed class RecordRekeyer
{
    private readonly SqliteDatabase _database;
    private readonly SubjectHandles _handles;

    /// <summary>Notes whom there is to look for among the events.</summary>
    public RecordRekeyer(SqliteDatabase database, SubjectHandles handles)
    {
        (_database, _handles) = (database, handles);
        foreach (var handle in database.Query("SELECT subject FROM subject_keys UNION SELECT subject FROM feedback WHERE subject IS NOT NULL UNION SELECT subject FROM outbox WHERE subject IS NOT NULL", row => HandleOf(row.Blob(0))))
            handles.Add(handle);
    }

    /// <summary>Writes what is known once all events were seen.</summary>
    public void Run()
    {
        foreach (var (id, handle, key) in _database.Query("SELECT id, subject, key FROM subject_keys", row => (row.Integer(0), HandleOf(row.Blob(1)), row.Blob(2).ToArray())))
        {
            if (!_handles.IsKnown(handle)) _handles.SeeTargets(key, _database.Query("SELECT number, content FROM audit WHERE key_id = ?", row => (row.Integer(0), row.Blob(1).ToArray()), id));
            _database.Execute("UPDATE subject_keys SET subject = ? WHERE id = ?", RecordWriter.BytesOf(_handles.OfAuditKey(handle)), id);
        }

        foreach (var (id, handle) in _database.Query("SELECT id, subject FROM feedback WHERE subject IS NOT NULL", row => (row.Integer(0), HandleOf(row.Blob(1)))))
            _database.Execute("UPDATE feedback SET subject = ? WHERE id = ?", _handles.OfWord(handle) is { } known ? RecordWriter.BytesOf(known) : null, id);
        RunOutbox();
    }

    /// <summary>Writes whom items of the outbox tell of, also where their order names the subject, so that what is owed later takes its turn behind them.</summary>
    private void RunOutbox()
    {
        foreach (var (id, handle) in _database.Query("SELECT id, subject FROM outbox WHERE subject IS NOT NULL", row => (row.Integer(0), HandleOf(row.Blob(1)))))
        {
            if (_handles.OfOwed(handle) is { } known)
                _database.Execute("UPDATE outbox SET subject = ?, order_key = replace(order_key, ?, ?) WHERE id = ?", RecordWriter.BytesOf(known), $"{handle:x32}", $"{known:x32}", id);
            else
                _database.Execute("DELETE FROM outbox WHERE id = ?", id);
        }

        _database.Execute("DELETE FROM outbox_once");
    }

    private static UInt128 HandleOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
