using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Keeps everything in one SQLite file, with what is in use in memory: the embedded store.</summary>
/// <remarks>
/// <para>
/// <b>Commit.</b> Memory first, under the lock of commits; then the changes wait, as bytes, for the writer's thread, which carries everything that waits
/// to the disk in one transaction (WAL, <c>synchronous=FULL</c>). With more than <see cref="SqliteStoreSettings.QueueCapacity"/> waiting, a commit waits
/// on its caller's thread.
/// </para>
/// <para>
/// <b>Load.</b> Memory first, then the disk, so the store serves at once after a start, whatever its size. Loads beside commits wait for a few dozen rows.
/// </para>
/// <para>
/// <b>Failure.</b> A transaction that fails takes along everything behind it; memory is emptied and reads on from the disk. A view loaded before
/// that is refused. Commits work again as soon as the disk does.
/// </para>
/// </remarks>
public sealed class SqliteStateStore : IStateStore, IRecordStore
{
    private readonly SqliteFile _file;
    private readonly TimeProvider _time;
    private readonly SqliteReaders _readers;
    private readonly StateTables _tables;
    private readonly BlockRegister _register = new();
    private readonly TextTable _texts = new();
    private readonly ChangeEncoder _encoder;
    private readonly AssessmentFinder _finder;
    private readonly Pager _pager;
    private readonly WorkQueue _queue;
    private readonly SqliteWriter _writer;
    private readonly CommitItems _items = new();
    private readonly Lock _commits = new();
    private HorizonLoader _horizon;
    private long _generation;
    private long _commit;

    private SqliteStateStore(SqliteStoreSettings settings, SqliteFile file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        Meter = new StoreMeter("sqlite", time);
        _readers = new SqliteReaders(file, Meter);
        _tables = new StateTables(settings.Caps);
        _tables.NoteDurable(0);
        Hash = new KeyedHash(_readers.Read(StoreOperation.Load, 0, (reader, _) => reader.ReadHashKey()));
        _encoder = new ChangeEncoder(_texts);
        _finder = new AssessmentFinder(new StoredEventCodec(_texts), Hash);
        _pager = new Pager(_tables, _readers);
        _horizon = new HorizonLoader(_tables, _readers);
        _queue = new WorkQueue(settings.QueueCapacity);
        Reload();
        var housekeeping = new Housekeeping(settings, _register, () => _tables.Watermark, Meter, time);
        _writer = new SqliteWriter(file, Meter, time, _queue, () => housekeeping, _tables.NoteDurable, FallBack);
        _writer.Start();
    }

    public KeyedHash Hash { get; }

    public BlockTable Blocks => _register.Blocks;

    public BlockTable AllowList => _register.AllowList;

    /// <summary>Gets what the store did and how long it took.</summary>
    public StoreMeter Meter { get; }

    /// <summary>Gets how many commits and changes wait for the disk.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>Gets the task that is complete when the ids of the last seven days are in memory; until then they are looked up on the disk.</summary>
    public Task HorizonLoaded => _horizon.Loading;

    /// <summary>Opens the store, making the file where there is none.</summary>
    /// <exception cref="StateStoreException">The file is none of ours, damaged, newer, in use or not writable; it is as it was.</exception>
    public static SqliteStateStore Open(SqliteStoreSettings settings, TimeProvider time)
    {
        var file = SqliteFile.Open(settings.Path);
        try
        {
            return new SqliteStateStore(settings, file, time);
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (exception is SqliteFailureException or FormatException) throw new StateStoreException($"The store {file.Path} cannot be read. {exception.Message}", exception);
            throw;
        }
    }

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
        _queue.WaitForRoom();
        ValueTask task;
        lock (_commits)
        {
            if (effects.View.Generation != _generation)
                return ValueTask.FromException(new StateStoreException("The commit was built on one that could not be written. Load and judge it again."));
            var item = _items.Take();
            item.Commit = ++_commit;
            foreach (var made in effects.NewBlocks) item.Blocks.Add(BlockAudit.OfRule(made, _register.NextId()));
            _tables.Apply(effects, item.Commit);
            foreach (var (block, key) in item.Blocks) _register.Put(BlockList.Block, block, key);
            _encoder.Write(item.Changes, effects);
            task = item.Task;
            _queue.Add(item);
        }

        Meter.Note(StoreOperation.Commit, _time.GetElapsedTime(started));
        return task;
    }

    public async ValueTask<AssessmentPage> FindAssessmentsAsync(AssessmentQuery query, CancellationToken cancellationToken)
    {
        StoredEvents.Check(query);
        return await QueryAsync(query, (reader, asked) => _finder.Find(reader, asked), cancellationToken);
    }

    public async ValueTask<StoredEvent?> FindEventAsync(string tenant, string eventId, CancellationToken cancellationToken) =>
        await QueryAsync(KeyOf(tenant, eventId), (reader, key) => _finder.Find(reader, key), cancellationToken);

    public ValueTask<Block> AddBlockAsync(Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        AddAsync(BlockList.Block, block, key, audit, cancellationToken);

    public ValueTask<Block?> RemoveBlockAsync(long id, AuditEntry audit, CancellationToken cancellationToken) =>
        RemoveAsync(BlockList.Block, id, audit, cancellationToken);

    public ValueTask<Block> AddAllowAsync(Block entry, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        AddAsync(BlockList.Allow, entry, key, audit, cancellationToken);

    public ValueTask<Block?> RemoveAllowAsync(long id, AuditEntry audit, CancellationToken cancellationToken) =>
        RemoveAsync(BlockList.Allow, id, audit, cancellationToken);

    public async ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken)
    {
        if (await FindEventAsync(feedback.Tenant, feedback.EventId, cancellationToken) is null) return false;
        return await ChangeAsync(audit, records => records.AddFeedback(feedback), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        await QueryAsync((after, limit), (reader, asked) => reader.ReadAudit(asked.after, asked.limit), cancellationToken);

    public async ValueTask<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        await QueryAsync(0, (reader, _) => reader.ReadKeys(), cancellationToken);

    public async ValueTask AddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, records => records.PutKey(key), cancellationToken);

    public async ValueTask<bool> RevokeKeyAsync(string name, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, records => records.RemoveKey(name), _ => { }, cancellationToken);

    public async ValueTask<string?> ReadCursorAsync(string source, CancellationToken cancellationToken) =>
        await QueryAsync(source, (reader, asked) => reader.ReadCursor(asked), cancellationToken);

    public async ValueTask<IReadOnlyList<OperatorAddress>> ReadOperatorsAsync(CancellationToken cancellationToken) =>
        await QueryAsync(0, (reader, _) => OperatorCodec.Read(reader.ReadOperators()), cancellationToken);

    public async ValueTask WriteOperatorsAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, records => records.PutOperators(OperatorCodec.Write(seen)), cancellationToken);

    public async ValueTask<StoreStatistics> StatisticsAsync(CancellationToken cancellationToken) =>
        await QueryAsync(_tables.Evictions(), (reader, evictions) => reader.ReadStatistics(evictions), cancellationToken);

    /// <summary>Waits until everything committed is on the disk, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _horizon.Stop();
        await Task.Run(_writer.Stop);
        await _horizon.Loading;
        _readers.Dispose();
        _writer.Dispose();
        _file.Dispose();
    }

    private void Load(StateView view)
    {
        var started = _time.GetTimestamp();
        view.Generation = Volatile.Read(ref _generation);
        var horizon = Volatile.Read(ref _horizon);
        var unread = horizon.UnreadBelow;
        _tables.Load(view);
        _pager.Load(view);
        horizon.Load(view, unread);
        view.Blocks = Blocks;
        Meter.Note(StoreOperation.Load, _time.GetElapsedTime(started));
    }

    private UInt128 KeyOf(string tenant, string eventId) =>
        StateKeys.Event(Hash, System.Text.Encoding.UTF8.GetBytes(tenant), System.Text.Encoding.UTF8.GetBytes(eventId));

    private async ValueTask<Block> AddAsync(BlockList list, Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken)
    {
        var added = block with { Id = _register.NextId() };
        await ChangeAsync(
            audit,
            records =>
            {
                records.PutBlock(list, added, key);
                return true;
            },
            _ => _register.Put(list, added, key),
            cancellationToken);
        return added;
    }

    private async ValueTask<Block?> RemoveAsync(BlockList list, long id, AuditEntry audit, CancellationToken cancellationToken)
    {
        if (_register.Find(list, id) is not { } found) return null;
        var removed = await ChangeAsync(audit, records => records.RemoveBlock(list, id), _ => _register.Remove(list, id), cancellationToken);
        return removed ? found : null;
    }

    private Task<bool> ChangeAsync(AuditEntry audit, Action<RecordWriter> change, CancellationToken cancellationToken) => ChangeAsync(
        audit,
        records =>
        {
            change(records);
            return true;
        },
        _ => { },
        cancellationToken);

    /// <summary>Runs a change in the writer's next transaction, with its entry in the audit where it changed something.</summary>
    private async Task<bool> ChangeAsync(AuditEntry audit, Func<RecordWriter, bool> change, Action<bool> durable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var item = new ChangeItem<bool>(
            session =>
            {
                var changed = change(session.Records);
                if (changed) session.Records.AddAudit(audit);
                return changed;
            },
            durable);
        _queue.WaitForRoom();
        _queue.Add(item);
        var result = await item.Task;
        Meter.Note(StoreOperation.Change, _time.GetElapsedTime(started));
        return result;
    }

    private Task<T> QueryAsync<TArgument, T>(TArgument argument, Func<SqliteReader, TArgument, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var started = _time.GetTimestamp();
            var result = _readers.Read(StoreOperation.Query, argument, read);
            Meter.Note(StoreOperation.Query, _time.GetElapsedTime(started));
            return result;
        },
        cancellationToken);

    /// <summary>After a failed write: whoever waits fails, memory becomes what the disk is. Runs on the writer's thread.</summary>
    private void FallBack(List<WorkItem> failed)
    {
        lock (_commits)
        {
            // Counted up before and after, so that a view loaded in between is refused too.
            Interlocked.Increment(ref _generation);
            _queue.Take(failed, TimeSpan.Zero);
            Reload();
            Interlocked.Increment(ref _generation);
        }
    }

    /// <summary>Empties memory and reads what does not come by itself when it is asked for.</summary>
    private void Reload()
    {
        _horizon.Stop();
        _tables.Clear();
        Volatile.Write(ref _horizon, new HorizonLoader(_tables, _readers));
        _readers.Read(StoreOperation.Load, this, static (reader, store) =>
        {
            var texts = reader.ReadTexts();
            store._texts.Reset(texts);
            store._encoder.TextsWritten = texts.Count;
            store._register.Reset(reader.ReadBlocks(), reader.ReadLastBlockId());
            store._pager.Start(reader);
            reader.ReadNames(store._tables);
            store._tables.Carry(reader.ReadCarried());
            store._tables.Watermark = reader.ReadWatermark();
            store._horizon.Start(reader, store._tables.Watermark);
            return true;
        });
    }
}
