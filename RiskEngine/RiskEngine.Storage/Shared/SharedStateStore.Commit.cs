using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <content>Commits units of work and changes of records, one after the other.</content>
public sealed partial class SharedStateStore
{
    /// <summary>Commits between two looks for blocks that have ended.</summary>
    private const int CommitsPerSweep = 16;

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
    private Task StoredAsync()
    {
        lock (_gate) return _stored;
    }

    /// <param name="stored">Is done when it is stored or has failed, so that the next one may begin.</param>
    private async Task CommitAsync(Task before, CommitPlan plan, TaskCompletionSource stored)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = _time.GetTimestamp();
        var change = new SharedChange(this);
        var hasFailed = false;
        try
        {
            if (plan.IsInVain) throw new CommitConflictException();
            var (was, head) = await _database.ChangeAsync(session => change.CommitAsync(session, plan, ++_commits % CommitsPerSweep == 0), CancellationToken.None);
            Take(head);
            await change.CompleteAsync(was, head);
            Carrier.Note();
            Meter.Note(StoreOperation.Flush, _time.GetElapsedTime(started));
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
                    RefuseTurned(before);
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
