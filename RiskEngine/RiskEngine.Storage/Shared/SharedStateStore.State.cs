using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <content>Loads and commits units of work.</content>
public sealed partial class SharedStateStore
{
    /// <summary>Commits between two looks for blocks that have ended.</summary>
    private const int CommitsPerSweep = 16;

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

    public ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            if (effects.View.Origin is not LoadedRows loaded) throw new InvalidOperationException("What is committed was not loaded from this store.");
            if (Journal.Bytes > JournalCarrier.Most) throw new StateStoreException("Too much waits in PostgreSQL's journal to be carried over into its table: see whether a replica leads, and how busy PostgreSQL's disk is.");
            var plan = new CommitPlan(effects, loaded, _codec);
            lock (_gate)
            {
                _underway.Add(plan);
                Journal.Begin(plan.Shown);
                var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var committing = CommitAsync(_stored, plan, stored);
                _stored = stored.Task;
                _settled = SettleAsync(_settled, committing);
                return new ValueTask(committing);
            }
        }
        catch (Exception exception)
        {
            Meter.NoteFailure(StoreOperation.Commit, exception);
            return ValueTask.FromException(new StateStoreException($"The store could not take a commit, so nothing of it was kept. {exception.Message}", exception));
        }
        finally
        {
            Meter.Note(StoreOperation.Commit, _time.GetElapsedTime(started));
        }
    }

    /// <summary>Waits until no commit of this replica is on its way, and all copies are written.</summary>
    private Task SettledAsync()
    {
        lock (_gate) return _settled;
    }

    private static Task SettleAsync(Task before, Task committing) =>
        committing.ContinueWith(_ => before, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();

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

    /// <summary>The newest change that another replica may have made, the head being locked.</summary>
    internal long LastOfOthers(PgHead was)
    {
        if (was.Number != _lastOwn) _lastOfOthers = was.Number;
        return _lastOfOthers;
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

    /// <param name="stored">Is done when it is stored or has failed, so that the next one may begin: copies are written meanwhile.</param>
    private async Task CommitAsync(Task before, CommitPlan plan, TaskCompletionSource stored)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = _time.GetTimestamp();
        var change = new SharedChange(this);
        var hasFailed = false;
        PgHead head;
        try
        {
            if (plan.IsInVain) throw new CommitConflictException();
            (var was, head) = await _database.ChangeAsync(session => change.CommitAsync(session, plan, ++_commits % CommitsPerSweep == 0), CancellationToken.None);
            _lastOwn = head.Number;
            Take(head);
            await change.CompleteAsync(was, head);
        }
        catch (Exception failure)
        {
            hasFailed = true;
            if (failure is CommitConflictException)
            {
                Meter.NoteConflict();
                throw new StateStoreException("Another replica changed the same rows meanwhile. Load and judge it again.", failure) { IsConflict = true };
            }

            if (failure is StateStoreException) Meter.NoteFailure(StoreOperation.Flush, failure);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                plan.End(hasFailed);
                Journal.End(plan.Shown);
                _underway.Remove(plan);
            }

            stored.SetResult();
        }

        Carrier.Note();
        await change.CopyAsync(head);
        Meter.Note(StoreOperation.Flush, _time.GetElapsedTime(started));
    }

    /// <summary>Writes copies of what is committed; where that fails, says that copies do not count.</summary>
    internal async Task CopyAsync(PgHead head, IReadOnlyList<(RowKey Key, RowValue Value)> rows)
    {
        if (!await _copies.WriteAsync(head.Epoch, rows)) await _watch.TryBeginEpochAsync();
    }

    /// <summary>Runs a change of records in one transaction, with its entry in the audit, and what is owed for it, where it changed something.</summary>
    /// <param name="change">Returns what the transaction came to, and whether anything changed.</param>
    internal async Task<T> ChangeAsync<T>(Func<PgSession, SharedChange, Task<(T Result, bool IsChanged)>> change, Func<T, AuditEntry>? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var noted = new SharedChange(this);
        PgHead was, head;
        T result;
        try
        {
            (was, head, result) = await _database.ChangeAsync(
                async session =>
                {
                    var before = await PgHead.LockAsync(session);
                    noted.Begin(before);
                    var (value, isChanged) = await change(session, noted);
                    return !isChanged ? (before, before, value) : (before, await noted.FinishAsync(session, before, audit?.Invoke(value)), value);
                },
                CancellationToken.None);
        }
        catch (StateStoreException failure)
        {
            Meter.NoteFailure(StoreOperation.Change, failure);
            throw;
        }

        Take(head);
        await noted.CompleteAsync(was, head);
        await noted.CopyAsync(head);
        Meter.Note(StoreOperation.Change, _time.GetElapsedTime(started));
        return result;
    }
}
