using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <content>Loads and commits units of work.</content>
public sealed partial class SharedStateStore
{
    /// <summary>Commits between two looks for blocks that have ended.</summary>
    private const int CommitsPerSweep = 16;

    public async ValueTask LoadAsync(StateView view, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        if (!view.IsQuestion) await SettledAsync();
        var rows = view.Origin as LoadedRows ?? new LoadedRows();
        view.Origin = rows;
        rows.Ask(view);
        try
        {
            var head = Head;
            var looking = view.IsQuestion ? null : LookAsync(view, cancellationToken);
            var isRead = await _copies.TryReadAsync(head.Epoch, rows.Keys, rows.Room);
            if (looking is not null)
            {
                var looked = await looking;
                if (looked.Epoch != head.Epoch)
                {
                    rows.Values.Clear();
                    isRead = await _copies.TryReadAsync(looked.Epoch, rows.Keys, rows.Room);
                }

                rows.Head = head = looked;
            }

            await ReadMissingAsync(rows, head.Epoch, isRead, cancellationToken);
            rows.Fill(view);
            view.Watermark = head.Watermark;
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
            var plan = new CommitPlan(effects, loaded, _codec);
            lock (_gate)
            {
                var committing = CommitAsync(_settled, plan);
                _settled = SettleAsync(committing);
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

    /// <summary>Waits until no commit of this replica is on its way.</summary>
    private Task SettledAsync()
    {
        lock (_gate) return _settled;
    }

    private static Task SettleAsync(Task committing) => committing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Looks for repeats, where the order of changes stands, and whether lists were changed by others.</summary>
    private Task<PgHead> LookAsync(StateView view, CancellationToken cancellationToken) => _database.ReadAsync(
        async session =>
        {
            var keys = new Guid[view.Events.Count];
            for (var slot = 0; slot < keys.Length; slot++) keys[slot] = PgKey.Of(view.Events.Key(slot));
            // The head first: who commits in between is then found at the commit.
            var (heads, seen) = await session.QueryBothAsync(PgHead.Select, PgHead.Read, PgEvents.SelectSeen, row => row.GetGuid(0), keys, PgEvents.Horizon);
            foreach (var key in seen) view.Events.MarkFound(view.Events.Add(PgKey.From(key)));
            if (!_lists.IsCurrent(heads[0])) await _lists.ReadAsync(session);
            Take(heads[0]);
            return heads[0];
        },
        cancellationToken);

    private async Task ReadMissingAsync(LoadedRows rows, long epoch, bool isRead, CancellationToken cancellationToken)
    {
        List<RowKey> missing = [];
        Dictionary<RowKey, int> places = [];
        for (var i = 0; i < rows.Keys.Count; i++)
        {
            if (isRead && rows.Values[i].Version > 0) continue;
            missing.Add(rows.Keys[i]);
            places[rows.Keys[i]] = i;
        }

        if (missing.Count == 0) return;
        var found = await _database.ReadAsync(session => PgRows.ReadAsync(session, missing), cancellationToken);
        foreach (var (key, value) in found) rows.Values[places[key]] = value;
        if (found.Count > 0 && isRead) _ = _copies.RefillAsync(epoch, found);
    }

    private async Task CommitAsync(Task before, CommitPlan plan)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = _time.GetTimestamp();
        try
        {
            var change = new SharedChange(this);
            var (was, head) = await _database.ChangeAsync(session => change.CommitAsync(session, plan, ++_commits % CommitsPerSweep == 0), CancellationToken.None);
            await change.CompleteAsync(was, head);
            await CopyAsync(head, [.. plan.Rows.All.Select(row => (row.Key, new RowValue(head.Number, row.Body)))]);
            Meter.Note(StoreOperation.Flush, _time.GetElapsedTime(started));
        }
        catch (CommitConflictException conflict)
        {
            await _copies.MendAsync(Head.Epoch, conflict.Rows);
            Meter.NoteConflict();
            throw new StateStoreException("Another replica changed the same rows meanwhile. Load and judge it again.", conflict) { IsConflict = true };
        }
        catch (StateStoreException failure)
        {
            Meter.NoteFailure(StoreOperation.Flush, failure);
            throw;
        }
    }

    /// <summary>Takes the new head, and writes copies of what is committed; where that fails, says that copies do not count.</summary>
    internal async Task CopyAsync(PgHead head, IReadOnlyList<(RowKey Key, RowValue Value)> rows)
    {
        Take(head);
        if (!await _copies.WriteAsync(head.Epoch, rows)) await _watch.TryBeginEpochAsync();
    }

    /// <summary>Writes copies that say "gone" of rows that were removed, so that no older copy comes back.</summary>
    internal Task CopyGoneAsync(IEnumerable<RowKey> keys)
    {
        var head = Head;
        return CopyAsync(head, [.. keys.Select(key => (key, new RowValue(head.Number, ReadOnlyMemory<byte>.Empty)))]);
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

        await noted.CompleteAsync(was, head);
        Take(head);
        Meter.Note(StoreOperation.Change, _time.GetElapsedTime(started));
        return result;
    }
}
