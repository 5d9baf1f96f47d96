using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <content>Loads units of work: from memory, from copies, from the table.</content>
public sealed partial class SharedStateStore
{
    /// <summary>Units of work on their way while the next one is judged: one that PostgreSQL stores, and one that waits for it. More would only be judged again where another replica was faster.</summary>
    private const int MostUnderway = 2;

    public async ValueTask LoadAsync(StateView view, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var rows = view.Origin as LoadedRows ?? new LoadedRows();
        view.Origin = rows;
        rows.Ask(view);
        if (!view.IsQuestion) rows.BuiltOn = await UnderwayAsync();
        try
        {
            var head = view.IsQuestion ? Head : rows.Head = await LookAsync(view, cancellationToken);
            await ReadAsync(rows, head.Epoch, view.IsQuestion, cancellationToken);
            rows.Fill(view);
            view.Watermark = rows.BuiltOn.Aggregate(head.Watermark, (newest, unit) => unit.Watermark > newest ? unit.Watermark : newest);
            view.Blocks = Blocks;
        }
        catch (StateStoreException failure)
        {
            Meter.NoteFailure(StoreOperation.Load, failure);
            throw;
        }

        Meter.Note(StoreOperation.Load, _time.GetElapsedTime(started));
    }

    /// <summary>The units of work that are on their way, once they are few enough and none of them changes what is not shown before it is stored: blocks.</summary>
    private async Task<IReadOnlyList<CommitPlan>> UnderwayAsync()
    {
        while (true)
        {
            Task stored;
            lock (_gate)
            {
                if (_underway.Count <= MostUnderway && _underway.TrueForAll(unit => unit.NewBlocks.Count == 0 && !unit.IsInVain)) return [.. _underway];
                stored = _stored;
            }

            await stored;
        }
    }

    /// <summary>Looks for repeats, where the order of changes stands, what others changed, and whether lists were changed by others.</summary>
    private Task<PgHead> LookAsync(StateView view, CancellationToken cancellationToken) => _database.ReadAsync(
        async session =>
        {
            var keys = new Guid[view.Events.Count];
            for (var slot = 0; slot < keys.Length; slot++) keys[slot] = PgKey.Of(view.Events.Key(slot));
            // The head first: who commits in between is then found at the commit.
            var head = await TakeAsync(session);
            var own = ((LoadedRows)view.Origin!).BuiltOn.SelectMany(unit => unit.Events.Keys).ToHashSet();
            foreach (var key in keys.Where(own.Contains)) view.Events.MarkFound(view.Events.Add(PgKey.From(key)));
            foreach (var key in await session.QueryAsync(PgEvents.SelectSeen, row => row.GetGuid(0), keys, PgEvents.Horizon)) view.Events.MarkFound(view.Events.Add(PgKey.From(key)));
            if (!_lists.IsCurrent(head)) await _lists.ReadAsync(session);
            return head;
        },
        cancellationToken);

    /// <summary>Reads the head, and takes what was appended to the journal since the last time.</summary>
    internal Task<PgHead> TakeAsync(PgSession session) => TakeAsync(session, PgHead.Select);

    internal async Task<PgHead> TakeAsync(PgSession session, string select)
    {
        var (heads, units) = await session.QueryBothAsync(select, PgHead.Read, PgJournal.SelectSince, PgJournal.Read, Journal.Through);
        Journal.Take(heads[0], units);
        Take(heads[0]);
        return heads[0];
    }

    /// <summary>Reads rows: the newest from memory, others from their copies, those that have none from the table.</summary>
    /// <remarks>In this order: a row that leaves memory is in the table by then, and no copy of it is older.</remarks>
    /// <param name="isQuestion">Whether the journal was not looked at: copies may be newer than memory then.</param>
    private async Task ReadAsync(LoadedRows rows, long epoch, bool isQuestion, CancellationToken cancellationToken)
    {
        Journal.Find(rows.Keys, rows.Values, withUnderway: true);
        var missing = rows.Where(isQuestion ? static row => row.Version != RowValue.Underway : static row => row.Version == 0);
        if (missing.Count == 0) return;
        var keys = missing.Select(at => rows.Keys[at]).ToList();
        var copies = new RowValue[keys.Count];
        var isRead = await _copies.TryReadAsync(epoch, keys, copies);
        List<RowKey> unread = [];
        Dictionary<RowKey, int> places = [];
        for (var i = 0; i < keys.Count; i++)
        {
            ref var value = ref rows.Values[missing[i]];
            if (isRead && copies[i].Version > value.Version) value = copies[i];
            if (value.Version > 0) continue;
            unread.Add(keys[i]);
            places[keys[i]] = missing[i];
        }

        if (unread.Count == 0) return;
        var found = await _database.ReadAsync(session => PgRows.ReadAsync(session, unread), cancellationToken);
        foreach (var (key, value) in found) rows.Values[places[key]] = value;
        // Who did not look at the journal does not know whether there are newer ones.
        if (!isRead || rows.Head is not { } head) return;
        // Of rows that nobody has, too: most are cells of names, which are asked for at every event and written at failures only.
        found.AddRange(unread.Except(found.Select(row => row.Key)).Select(key => (key, new RowValue(head.Number, ReadOnlyMemory<byte>.Empty))));
        _ = _copies.RefillAsync(epoch, found);
    }
}
