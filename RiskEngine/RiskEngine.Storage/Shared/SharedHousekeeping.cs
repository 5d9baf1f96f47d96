using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Removes what is over, a slice at a time: days of events, rows of state long unchanged, old words and records, blocks that have ended. Done by the leader.</summary>
internal sealed class SharedHousekeeping(SharedStateStore store)
{
    private const int RowsPerSlice = 2000;

    private static readonly (StateRowKind Kind, StoreTable Table)[] Swept =
        [(StateRowKind.Profile, StoreTable.Profiles), (StateRowKind.Skeleton, StoreTable.Skeletons), (StateRowKind.Pair, StoreTable.Pairs), (StateRowKind.Reputation, StoreTable.Reputation)];

    private readonly Dictionary<StateRowKind, Guid?> _places = [];

    public async Task RunAsync()
    {
        var started = store.Time.GetTimestamp();
        var newest = store.Head.Watermark;
        if (newest == default) return;
        var now = BlockAudit.EndOf(newest, store.Time);
        await RemoveDaysAsync(newest);
        foreach (var (kind, table) in Swept) Note(table, await SweepAsync(kind, newest));
        if (store.Lists.Ended(now).Count > 0) await store.ChangeAsync(async (session, change) => (await change.EndBlocksAsync(session, newest), true), null, CancellationToken.None);
        Note(StoreTable.Feedback, await store.Database.ChangeAsync(
            session => session.ExecuteAsync("DELETE FROM feedback WHERE id IN (SELECT id FROM feedback ORDER BY id LIMIT $2) AND at < $1", (now - store.Settings.FeedbackAge).UnixMilliseconds, RowsPerSlice), CancellationToken.None));
        await store.Database.ChangeAsync(session => PgChallenges.TidyAsync(session, newest - store.Settings.EventAge), CancellationToken.None);
        Note(StoreTable.Outbox, await store.Database.ChangeAsync(session => PgOutbox.TidyAsync(session, store.Now), CancellationToken.None));
        Note(StoreTable.Audit, await RemoveAuditAsync(now));
        store.Meter.Note(StoreOperation.Prune, store.Time.GetElapsedTime(started));
    }

    /// <summary>Days beyond their age go, and the oldest where there are too many events, but for those within which repeats are told.</summary>
    private async Task RemoveDaysAsync(EventTime newest)
    {
        var days = await store.Database.ReadAsync(PgEvents.DaysAsync, CancellationToken.None);
        var events = days.Sum(day => day.Events);
        var (oldest, horizon) = (EventIdWindow.DayOf(newest - store.Settings.EventAge), EventIdWindow.FirstDay(newest));
        foreach (var (day, count) in days)
        {
            if (day >= oldest && (events <= store.Settings.Events || day >= horizon)) return;
            events -= count;
            await store.Database.ChangeAsync(
                async session =>
                {
                    // Whoever reads is not waited for long: the next turn tries again.
                    await session.ExecuteAsync("SET LOCAL lock_timeout = '2s'");
                    return await session.ExecuteAsync($"DROP TABLE IF EXISTS {PgEvents.PartitionOf(day)}");
                },
                CancellationToken.None);
            Note(StoreTable.Events, (int)Math.Min(count, int.MaxValue));
        }
    }

    private async Task<int> SweepAsync(StateRowKind kind, EventTime newest)
    {
        var age = kind is StateRowKind.Profile or StateRowKind.Skeleton ? store.Settings.ProfileAge : store.Settings.ReputationAge;
        var day = (int)EventIdWindow.DayOf(newest - age);
        var removed = await store.ChangeAsync(
            async (session, change) =>
            {
                (_places[kind], var old) = await PgRows.LookAsync(session, kind, _places.GetValueOrDefault(kind), day, RowsPerSlice);
                await store.TakeAsync(session);
                List<UInt128> gone = [.. old.Where(key => !store.Journal.HasSince(new RowKey(kind, key), day))];
                await change.RemoveRowsAsync(session, kind, gone);
                if (kind == StateRowKind.Profile) change.ProfilesRemoved = gone.Count;
                if (kind == StateRowKind.Reputation) change.ReputationRemoved = gone.Count;
                return (gone, gone.Count > 0);
            },
            null,
            CancellationToken.None);
        return removed.Count;
    }

    private async Task<int> RemoveAuditAsync(EventTime now)
    {
        var before = now - store.Settings.AuditAge;
        // A day later than need be, so that a removal is noted at most once a day.
        if (await store.Database.ReadAsync(session => session.ScalarAsync<long>("SELECT at FROM audit ORDER BY number LIMIT 1"), CancellationToken.None) is not 0 and var oldest && new EventTime(oldest) >= before - TimeSpan.FromDays(1)) return 0;
        return await store.ChangeAsync(
            async (session, change) =>
            {
                var removed = 0;
                for (var slice = RowsPerSlice; slice == RowsPerSlice;) removed += slice = await PgAudit.RemoveAsync(session, before, RowsPerSlice);
                if (removed == 0) return (0, false);
                var (anchor, _, _) = await PgAudit.ReadEndsAsync(session);
                change.Audit(new AuditEntry(0, now, "riskengine", "audit.expire", $"record {anchor?.Number}", $"records up to it were over their age; its hash was {anchor?.Hash}"));
                return (removed, true);
            },
            null,
            CancellationToken.None);
    }

    private void Note(StoreTable table, int rows) => store.Meter.NoteExpired(table, rows);
}
