using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Removes what is over, a slice at a time: events beyond their count or age, rows of state long unchanged, old words and records, blocks that have ended.</summary>
/// <remarks>Runs within the writer's transactions, in slices small enough that no commit waits long for it.</remarks>
internal sealed class Housekeeping(SqliteStoreSettings settings, BlockRegister register, Func<EventTime> watermark, StoreMeter meter, TimeProvider time) : WorkItem
{
    private const int EventsPerSlice = 2000, WordsPerSlice = 500;

    private readonly TableSweep _profiles = new("profiles", "id");
    private readonly TableSweep _pairs = new("pairs", "id");
    private readonly TableSweep _reputation = new("reputation", "high", "low");
    private readonly TableSweep _skeletons = new("skeletons", "id");
    private readonly AuditRetention _audit = new(settings.AuditAge);
    private readonly long[] _removed = new long[Enum.GetValues<StoreTable>().Length];
    private IReadOnlyList<(BlockList List, Block Block)> _ended = [];

    public override void Apply(SqliteSession session)
    {
        var started = time.GetTimestamp();
        var newest = watermark();
        var now = BlockAudit.EndOf(newest, time);
        Array.Clear(_removed);
        Note(StoreTable.Events, RemoveEvents(session, newest));
        Note(StoreTable.Profiles, _profiles.Run(session.Database, EventIdWindow.DayOf(newest - settings.ProfileAge)));
        Note(StoreTable.Skeletons, _skeletons.Run(session.Database, EventIdWindow.DayOf(newest - settings.ProfileAge)));
        Note(StoreTable.Pairs, _pairs.Run(session.Database, EventIdWindow.DayOf(newest - settings.ReputationAge)));
        Note(StoreTable.Reputation, _reputation.Run(session.Database, EventIdWindow.DayOf(newest - settings.ReputationAge)));
        session.Changes.CountRows("profiles"u8, -_removed[(int)StoreTable.Profiles]);
        session.Changes.CountRows("reputation"u8, -_removed[(int)StoreTable.Reputation]);
        Note(StoreTable.Feedback, RemoveWords(session.Database, now - settings.FeedbackAge));
        RemoveEnded(session, now);
        session.Challenges.Tidy(newest - settings.EventAge);
        Note(StoreTable.Outbox, session.Outbox.Tidy(EventTime.From(time.GetUtcNow())));
        Note(StoreTable.Blocks, _ended.Count);
        Note(StoreTable.Audit, _audit.Run(session, now));
        meter.Note(StoreOperation.Prune, time.GetElapsedTime(started));
    }

    public override void Complete()
    {
        foreach (var (list, block) in _ended) register.Remove(list, block.Id);
        for (var table = 0; table < _removed.Length; table++) meter.NoteExpired((StoreTable)table, _removed[table]);
    }

    public override void Fail(Exception exception)
    {
        _ended = [];
        _audit.Reset();
    }

    private void Note(StoreTable table, long rows) => _removed[(int)table] = rows;

    private static long RemoveWords(SqliteDatabase database, EventTime before)
    {
        var last = database.Number("SELECT max(id) FROM (SELECT id, at FROM feedback ORDER BY id LIMIT ?) WHERE at < ?", WordsPerSlice, before.UnixMilliseconds);
        if (last == 0) return 0;
        database.Execute("DELETE FROM feedback WHERE id <= ?", last);
        return database.Changes;
    }

    private long RemoveEvents(SqliteSession session, EventTime newest)
    {
        var oldest = session.Database.Number("SELECT min(seq) FROM events");
        var firstOfAge = session.Database.Number("SELECT first_seq FROM days WHERE day >= ? ORDER BY day LIMIT 1", EventIdWindow.DayOf(newest - settings.EventAge));
        var first = Math.Min(Math.Max(firstOfAge, session.Changes.Seq - settings.Events + 1), oldest + EventsPerSlice);
        if (first <= oldest) return 0;
        session.Database.Execute("DELETE FROM events WHERE seq < ?", first);
        session.Database.Execute("DELETE FROM event_index WHERE place < ?", EventSegment.PlaceOf(EventSegment.Of(first), EventColumn.Id, 0));
        session.Database.Execute("DELETE FROM days WHERE day < (SELECT max(day) FROM days WHERE first_seq <= ?)", first);
        return first - oldest;
    }

    private void RemoveEnded(SqliteSession session, EventTime now)
    {
        _ended = register.Ended(now);
        foreach (var (list, block) in _ended)
        {
            if (session.Records.RemoveBlock(list, block.Id)) session.Records.AddAudit(BlockAudit.Ended(session.Hash, list, block, now));
        }
    }
}
