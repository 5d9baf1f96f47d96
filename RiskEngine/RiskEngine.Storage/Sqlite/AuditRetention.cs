using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Removes old records of the audit from its front, a slice at a time; the chain is whole from the last one removed, and says itself what that was.</summary>
/// <remarks>A pass begins once the oldest record is over its age by a day, so that a removal is noted at most once a day. Belongs to the writer's thread.</remarks>
/// <param name="age">How long records are kept.</param>
/// <param name="recordsPerSlice">Records that one transaction removes at most.</param>
internal sealed class AuditRetention(TimeSpan age, int recordsPerSlice = 500)
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private bool _isUnderWay;

    /// <summary>Goes on by one slice and returns how many records it removed.</summary>
    public long Run(SqliteSession session, EventTime now)
    {
        if (!_isUnderWay && !IsDue(session.Database, now)) return 0;
        var oldest = session.Database.Query(
            "SELECT number, at, hash FROM audit ORDER BY number LIMIT ?",
            row => (Mark: new AuditMark(row.Integer(0), Convert.ToHexStringLower(row.Blob(2))), At: new EventTime(row.Integer(1))), recordsPerSlice);
        var over = oldest.TakeWhile(record => record.At < now - age).ToList();
        var removed = over.Count > 0 ? session.Records.Audit.RemoveThrough(over[^1].Mark) : 0;
        _isUnderWay = over.Count == recordsPerSlice;
        if (_isUnderWay) return removed;
        var (anchor, _) = session.Records.Audit.Ends();
        session.Database.Execute("DELETE FROM subject_keys WHERE id NOT IN (SELECT key_id FROM audit)", []);
        session.Records.AddAudit(new AuditEntry(0, now, "riskengine", "audit.expire", $"record {anchor?.Number}", $"records up to it were over their age; its hash was {anchor?.Hash}"));
        return removed;
    }

    private bool IsDue(SqliteDatabase database, EventTime now) =>
        database.Number("SELECT at FROM audit ORDER BY number LIMIT 1") is not 0 and var oldest && new EventTime(oldest) < now - age - Patience;

    /// <summary>A transaction failed: what it did is not done.</summary>
    public void Reset() => _isUnderWay = false;
}
