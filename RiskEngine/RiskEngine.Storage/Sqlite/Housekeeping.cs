using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Removes what is over, a slice at a time: events beyond their count or age, rows of state long unchanged, blocks that have ended.</summary>
/// <remarks>Runs within the writer's transactions, in slices small enough that no commit waits long for it.</remarks>
internal sealed class Housekeeping(SqliteStoreSettings settings, BlockRegister register, Func<EventTime> watermark, StoreMeter meter, TimeProvider time) : WorkItem
{
    private const int EventsPerSlice = 2000;

    private readonly TableSweep _profiles = new("profiles", "id");
    private readonly TableSweep _pairs = new("pairs", "id");
    private readonly TableSweep _reputation = new("reputation", "high", "low");
    private readonly TableSweep _skeletons = new("skeletons", "id");
    private IReadOnlyList<(BlockList List, Block Block)> _ended = [];

    public override void Apply(SqliteSession session)
    {
        var started = time.GetTimestamp();
        var newest = watermark();
        RemoveEvents(session, newest);
        session.Changes.CountRows("profiles"u8, -_profiles.Run(session.Database, EventIdWindow.DayOf(newest - settings.ProfileAge)));
        _skeletons.Run(session.Database, EventIdWindow.DayOf(newest - settings.ProfileAge));
        _pairs.Run(session.Database, EventIdWindow.DayOf(newest - settings.ReputationAge));
        session.Changes.CountRows("reputation"u8, -_reputation.Run(session.Database, EventIdWindow.DayOf(newest - settings.ReputationAge)));
        RemoveEnded(session, BlockAudit.EndOf(newest, time));
        meter.Note(StoreOperation.Prune, time.GetElapsedTime(started));
    }

    public override void Complete()
    {
        foreach (var (list, block) in _ended) register.Remove(list, block.Id);
    }

    public override void Fail(Exception exception) => _ended = [];

    private void RemoveEvents(SqliteSession session, EventTime newest)
    {
        var oldest = session.Database.Number("SELECT min(seq) FROM events");
        var firstOfAge = session.Database.Number("SELECT first_seq FROM days WHERE day >= ? ORDER BY day LIMIT 1", EventIdWindow.DayOf(newest - settings.EventAge));
        var first = Math.Min(Math.Max(firstOfAge, session.Changes.Seq - settings.Events + 1), oldest + EventsPerSlice);
        if (first <= oldest) return;
        session.Database.Execute("DELETE FROM events WHERE seq < ?", first);
        session.Database.Execute("DELETE FROM event_index WHERE place < ?", EventSegment.PlaceOf(EventSegment.Of(first), EventColumn.Id, 0));
        session.Database.Execute("DELETE FROM days WHERE day < (SELECT max(day) FROM days WHERE first_seq <= ?)", first);
    }

    private void RemoveEnded(SqliteSession session, EventTime now)
    {
        _ended = register.Ended(now);
        foreach (var (list, block) in _ended)
        {
            if (session.Records.RemoveBlock(list, block.Id)) session.Records.AddAudit(BlockAudit.Ended(list, block, now));
        }
    }
}
