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

    public async ValueTask ReadyAsync(CancellationToken cancellationToken) => await UnderwayAsync();

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
            // The head first: who commits in between is then found at the commit.
            var head = await TakeAsync(session);
            await FindRepeatsAsync(session, view.Events, ((LoadedRows)view.Origin!).BuiltOn);
            if (!_lists.IsCurrent(head)) await _lists.ReadAsync(session);
            return head;
        },
        cancellationToken);

    private async Task FindRepeatsAsync(PgSession session, RowSet<Nothing> events, IReadOnlyList<CommitPlan> underway)
    {
        var own = underway.SelectMany(unit => unit.Events.Keys).ToHashSet();
        var before = Seen.UnreadThrough;
        List<Guid> unknown = [];
        for (var slot = 0; slot < events.Count; slot++)
        {
            var key = PgKey.Of(events.Key(slot));
            if (own.Contains(key) || Seen.Contains(events.Key(slot))) events.MarkFound(slot);
            else unknown.Add(key);
        }

        // What was given up while this looked is asked for as well.
        var unreadThrough = Math.Max(before, Seen.UnreadThrough);
        if (unreadThrough == 0 || unknown.Count == 0) return;
        foreach (var key in await session.QueryAsync(PgEvents.SelectSeen, row => row.GetGuid(0), unknown.ToArray(), PgEvents.Horizon, unreadThrough)) events.MarkFound(events.Add(PgKey.From(key)));
    }

    /// <summary>Reads the head, and takes what others appended to the journal and stored of events since the last time.</summary>
    internal Task<PgHead> TakeAsync(PgSession session) => TakeAsync(session, PgHead.Select);

    internal async Task<PgHead> TakeAsync(PgSession session, string select)
    {
        PgHead? head = null;
        List<JournalUnit> units = [];
        List<SeenEvent> seen = [];
        var (journal, place) = (Journal.Through, Seen.Through);
        await session.AskAsync(
            new PgQuestion(select, row => head = PgHead.Read(row)),
            new PgQuestion(PgJournal.SelectSince, row => units.Add(PgJournal.Read(row)), journal),
            new PgQuestion(PgEvents.SelectKeysSince, row => seen.Add(PgEvents.ReadKey(row)), place.Day, place.Seq));
        RefuseTurned(head!);
        Journal.Take(head!, units);
        Seen.Take(seen, head!.Watermark);
        Take(head);
        Volatile.Write(ref _taken, TimeProvider.System.GetTimestamp());
        return head;
    }

    /// <summary>Looks whether the hashes of this replica are still those of the store.</summary>
    /// <exception cref="StateStoreException">Somebody turned the secret while this replica was cut off.</exception>
    internal void RefuseTurned(PgHead head)
    {
        if (head.Turned != _turned) throw new StateStoreException("The secret of the store's hashes was turned while this server had the store open, so it would know nobody. Start it again.");
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
