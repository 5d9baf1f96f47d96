using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <content>Loads and commits units of work, and falls back to what the disk has.</content>
public sealed partial class SqliteStateStore
{
    public ValueTask LoadAsync(StateView view, CancellationToken cancellationToken)
    {
        try
        {
            Load(view);
            return ValueTask.CompletedTask;
        }
        catch (StateStoreException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    public ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        if (!_queue.WaitForRoom()) return ValueTask.FromException(NoRoom(StoreOperation.Commit));
        ValueTask task;
        lock (_commits)
        {
            if (effects.View.Generation != _generation)
                return ValueTask.FromException(new StateStoreException("The commit was built on one that could not be written. Load and judge it again."));
            try
            {
                task = Commit(effects);
            }
            catch (Exception exception)
            {
                Meter.NoteFailure(StoreOperation.Commit, exception);
                return ValueTask.FromException(new StateStoreException($"The store could not take a commit, so nothing of it was kept. {exception.Message}", exception));
            }
        }

        Meter.Note(StoreOperation.Commit, _time.GetElapsedTime(started));
        return task;
    }

    private void Load(StateView view)
    {
        var started = _time.GetTimestamp();
        view.Generation = Volatile.Read(ref _generation);
        Volatile.Read(ref _state).Load(view);
        view.Blocks = Blocks;
        Meter.Note(StoreOperation.Load, _time.GetElapsedTime(started));
    }

    /// <summary>Writes a commit down, hands it to the writer, then shows it to later loads: what fails before that has changed nothing.</summary>
    private ValueTask Commit(Effects effects)
    {
        var item = _items.Take();
        var texts = _encoder.TextsWritten;
        try
        {
            item.Commit = _commit + 1;
            foreach (var made in effects.NewBlocks) item.Blocks.Add(BlockAudit.OfRule(made, _register.NextId()));
            item.Audit.AddRange(effects.Audit);
            item.Owed.AddRange(effects.Owed);
            item.Challenges.AddRange(effects.Challenges);
            item.LoginDays.AddRange(effects.LoginDays);
            _encoder.Write(item.Changes, item.Rows, effects);
            _queue.Add(item);
        }
        catch
        {
            _encoder.TextsWritten = texts;
            item.Abandon();
            throw;
        }

        _commit++;
        var task = item.Task;
        try
        {
            _state.Tables.Apply(effects, _commit);
            foreach (var (block, key) in item.Blocks) _register.Put(BlockList.Block, block, key);
        }
        catch (Exception exception)
        {
            // Memory holds a part of it. The writer is made to fail, which refuses this commit and reads the durable state anew.
            _queue.Add(new ChangeItem<bool>(_ => throw new StateStoreException("Memory could not take a commit.", exception), null));
        }

        return task;
    }

    /// <summary>After a failed write: whoever waits fails, memory becomes what the disk is. Runs on the writer's thread.</summary>
    private void FallBack(List<WorkItem> failed)
    {
        lock (_commits)
        {
            // Counted up before and after, so that a view loaded in between is refused too.
            Interlocked.Increment(ref _generation);
            try
            {
                _queue.Take(failed, TimeSpan.Zero);
                var before = _state;
                Volatile.Write(ref _state, Read());
                before.Horizon.Stop();
            }
            finally
            {
                Interlocked.Increment(ref _generation);
            }
        }
    }

    /// <summary>Begins what can wait for the first transaction. Runs on the writer's thread.</summary>
    private void ReadTheRest()
    {
        _state.Horizon.Begin();
        _begun.TrySetResult();
    }

    /// <summary>Reads the durable state, as far as it does not come by itself when it is asked for.</summary>
    private ResidentState Read() => _readers.Read(StoreOperation.Load, this, static (reader, store) =>
    {
        var texts = reader.ReadTexts();
        store._texts.Reset(texts);
        store._encoder.TextsWritten = texts.Count;
        store._runs.Current = SortedRuns.Read(reader.Database);
        store._register.Reset(reader.ReadBlocks(), reader.ReadLastBlockId());
        return ResidentState.Read(store._settings.Caps, store._readers, reader);
    });
}
