using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Challenges;
using RiskEngine.Storage.Sqlite.Erasure;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Keeps everything in one SQLite file, with what is in use in memory: the embedded store.</summary>
/// <remarks>
/// <para>
/// <b>Commit.</b> The changes are written down as bytes and wait for the writer's thread, which carries everything that waits to the disk in one
/// transaction (WAL, <c>synchronous=FULL</c>); then memory takes them. With <see cref="SqliteStoreSettings.QueueCapacity"/> waiting, a commit waits on
/// its caller's thread, up to <see cref="SqliteStoreSettings.QueueTimeout"/>. Rows of state take the way of <see cref="Journal.StateJournal"/>.
/// </para>
/// <para>
/// <b>Load.</b> Memory first, then the disk, so the store serves at once after a start, whatever its size: what it needs no sooner it reads behind its first
/// answer (<see cref="Begun"/>). Loads beside commits wait for a few dozen rows.
/// </para>
/// <para>
/// <b>Failure.</b> A transaction that fails, for whatever reason, takes along everything behind it; memory becomes what the disk is. A view loaded
/// before that is refused. While the disk cannot even be read, memory answers as it was, refused events included, and every commit is refused. Commits
/// work again as soon as the disk does. <see cref="StoreMeter.FailingSince"/> tells.
/// </para>
/// </remarks>
public sealed partial class SqliteStateStore : IStateStore, IRecordStore, IErasureHost
{
    private readonly SqliteFile _file;
    private readonly TimeProvider _time;
    private readonly SqliteStoreSettings _settings;
    private readonly SqliteReaders _readers;
    private readonly SortedRuns _runs = new();
    private readonly BlockRegister _register = new();
    private readonly TextTable _texts = new();
    private readonly ChangeEncoder _encoder;
    private readonly AssessmentFinder _finder;
    private readonly WorkQueue _queue;
    private readonly SqliteWriter _writer;
    private readonly SubjectEraser _eraser;
    private readonly SqliteOutbox _outbox;
    private readonly SqliteChallenges _challenges;
    private readonly CommitItems _items;
    private readonly Lock _commits = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ResidentState _state;
    private long _generation;
    private long _commit = ResidentState.ReplayedCommit;

    private SqliteStateStore(SqliteStoreSettings settings, SqliteFile file, TimeProvider time)
    {
        (_file, _time, _settings) = (file, time, settings);
        Meter = new StoreMeter("sqlite", time);
        _readers = new SqliteReaders(file, _runs, Meter);
        _outbox = new SqliteOutbox(_readers, this, time);
        _challenges = new SqliteChallenges(_readers, this);
        _items = new CommitItems(_outbox);
        Hash = new KeyedHash(_readers.Read(StoreOperation.Load, 0, (reader, _) => reader.ReadHashKey()));
        _encoder = new ChangeEncoder(_texts);
        _finder = new AssessmentFinder(new StoredEventCodec(_texts), Hash);
        _queue = new WorkQueue(settings.QueueCapacity, settings.QueueTimeout);
        _state = Read();
        // In a small store there is next to nothing to be read: it need not wait, nor who asks for it.
        if (_state.Horizon.Loading.IsCompleted) _begun.SetResult();
        var housekeeping = new Housekeeping(settings, _register, () => _state.Tables.Watermark, Meter, time);
        _writer = new SqliteWriter(() => SqliteSession.Open(file, Hash, _runs, settings), new Checkpointer(file.OpenCheckpointer, Meter, settings.QueueTimeout), Meter, time, _queue, housekeeping, commit => _state.Tables.NoteStored(commit), ReadTheRest, FallBack);
        file.EndOpening();
        _writer.Start();
        _eraser = new SubjectEraser(_readers, _register, _texts, Hash, this);
        Resumed = _readers.Read(StoreOperation.Load, 0, (reader, _) => SubjectEraser.IsPending(reader)) ? ResumeErasuresAsync() : Task.CompletedTask;
    }

    public KeyedHash Hash { get; }

    public BlockTable Blocks => _register.Blocks;

    public BlockTable AllowList => _register.AllowList;

    public IOutbox Outbox => _outbox;

    public IChallengeStore Challenges => _challenges;

    /// <summary>Gets what the store did and how long it took.</summary>
    public StoreMeter Meter { get; }

    /// <summary>Gets how many commits and changes wait for the disk.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>Gets the task that is complete soon after the first transaction with something in it, a second at most, or some seconds after the opening where nothing is written; in a small store at once.</summary>
    /// <remarks>What can wait begins then, so that it does not take the processor from what a start needs.</remarks>
    public Task Begun => _begun.Task;

    /// <summary>Gets the task that is complete when the ids of the last seven days are in memory; until then they are looked up on the disk.</summary>
    public Task HorizonLoaded => _state.Horizon.Loading;

    /// <summary>Gets the task that is complete when erasures that the process before left half done are finished, or cannot be.</summary>
    public Task Resumed { get; }

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

    public ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => AddFeedbackAsync(feedback, audit, once: false, cancellationToken);

    public ValueTask<bool> AddFeedbackOnceAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => AddFeedbackAsync(feedback, audit, once: true, cancellationToken);

    public async ValueTask<IReadOnlyDictionary<string, Feedback>> FindFeedbackAsync(string tenant, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        await QueryAsync((tenant, eventIds), (reader, asked) => reader.ReadFeedback(asked.tenant, asked.eventIds), cancellationToken);

    public async ValueTask<IReadOnlyList<CompromisedEvent>> FindCompromisedAsync(string tenant, string subject, CancellationToken cancellationToken) =>
        await QueryAsync((tenant, Handle: SubjectHandle.Of(Hash, tenant, subject)), (reader, asked) => reader.ReadCompromised(asked.tenant, asked.Handle), cancellationToken);

    public async ValueTask AddAuditAsync(AuditEntry audit, CancellationToken cancellationToken) => await ChangeAsync(audit, _ => { }, cancellationToken);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        await QueryAsync((after, limit), (reader, asked) => reader.ReadAudit(asked.after, asked.limit), cancellationToken);

    public async ValueTask<AuditEnds> ReadAuditEndsAsync(CancellationToken cancellationToken) =>
        await QueryAsync(0, (reader, _) => reader.ReadAuditEnds(), cancellationToken);

    public async ValueTask<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        await QueryAsync(0, (reader, _) => reader.ReadKeys(), cancellationToken);

    public async ValueTask AddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, records => records.PutKey(key), cancellationToken);

    public async ValueTask<bool> TryAddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, session => session.Records.TryPutKey(key), _ => { }, cancellationToken);

    public async ValueTask<bool> RevokeKeyAsync(string name, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, session => session.Records.RemoveKey(name), _ => { }, cancellationToken);

    public async ValueTask<string?> ReadCursorAsync(string source, CancellationToken cancellationToken) =>
        await QueryAsync(source, (reader, asked) => reader.ReadCursor(asked), cancellationToken);

    public async ValueTask<IReadOnlyList<OperatorAddress>> ReadOperatorsAsync(CancellationToken cancellationToken) =>
        await QueryAsync(0, (reader, _) => OperatorCodec.Read(reader.ReadOperators()), cancellationToken);

    public async ValueTask WriteOperatorsAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit, CancellationToken cancellationToken) =>
        await ChangeAsync(audit, records => records.PutOperators(OperatorCodec.Write(seen)), cancellationToken);

    public async ValueTask<StoreStatistics> StatisticsAsync(CancellationToken cancellationToken) =>
        await QueryAsync(_state.Tables.Evictions(), (reader, evictions) => reader.ReadStatistics(evictions), cancellationToken);

    /// <summary>Waits until everything committed is on the disk, then closes the file.</summary>
    /// <remarks>
    /// A disk that does not answer is waited for as long as for room in the queue; then what waits is refused, that is counted and told
    /// (<see cref="StoreMeter.LastWriteFailure"/>), and the file stays open, and locked, until the process ends.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        _begun.TrySetResult();
        _state.Horizon.Stop();
        if (!await Task.Run(() => _writer.Stop(_settings.QueueTimeout))) return;
        await Resumed;
        await _state.Horizon.Loading;
        _eraser.Dispose();
        _readers.Dispose();
        _writer.Dispose();
        _file.Dispose();
    }

    private StateStoreException NoRoom(StoreOperation operation)
    {
        var failure = new StateStoreException($"The store found no room for a change: the {_settings.QueueCapacity} that may wait for the disk have waited for {_settings.QueueTimeout.TotalSeconds:N0} s. See to the disk.");
        Meter.NoteFailure(operation, failure);
        return failure;
    }

    private UInt128 KeyOf(string tenant, string eventId) =>
        StateKeys.Event(Hash, System.Text.Encoding.UTF8.GetBytes(tenant), System.Text.Encoding.UTF8.GetBytes(eventId));

    private async ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, bool once, CancellationToken cancellationToken)
    {
        if (await FindEventAsync(feedback.Tenant, feedback.EventId, cancellationToken) is not { } stored) return false;
        var subject = SubjectHandle.Of(Hash, stored.Tenant, stored.Subject);
        return await ChangeAsync(
            audit with { Subject = subject },
            session =>
            {
                if (once && session.Records.HasSaid(feedback)) return false;
                session.Records.AddFeedback(feedback, subject);
                session.Challenges.Label(KeyOf(feedback.Tenant, feedback.EventId), feedback.Label);
                return true;
            },
            _ => { },
            cancellationToken);
    }

    private async ValueTask<Block> AddAsync(BlockList list, Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken)
    {
        var added = block with { Id = _register.NextId() };
        await ChangeAsync(
            audit.Adding(added) with { Subject = SubjectHandle.Of(Hash, added) },
            session =>
            {
                session.Records.PutBlock(list, added, key);
                return true;
            },
            _ => _register.Put(list, added, key),
            cancellationToken);
        return added;
    }

    private async ValueTask<Block?> RemoveAsync(BlockList list, long id, AuditEntry audit, CancellationToken cancellationToken)
    {
        if (_register.Find(list, id) is not { } found) return null;
        var removed = await ChangeAsync(audit with { Subject = SubjectHandle.Of(Hash, found) }, session => session.Records.RemoveBlock(list, id), _ => _register.Remove(list, id), cancellationToken);
        return removed ? found : null;
    }

    private Task<bool> ChangeAsync(AuditEntry audit, Action<RecordWriter> change, CancellationToken cancellationToken) => ChangeAsync(
        audit,
        session =>
        {
            change(session.Records);
            return true;
        },
        _ => { },
        cancellationToken);

    /// <summary>Runs a change in the writer's next transaction, with its entry in the audit, and what is owed for it, where it changed something.</summary>
    private async Task<bool> ChangeAsync(AuditEntry audit, Func<SqliteSession, bool> change, Action<bool> durable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var news = new OutboxNews(_outbox);
        return await RunAsync(
            session =>
            {
                if (!change(session)) return false;
                session.Records.AddAudit(audit);
                news.Add(session, audit.Owed);
                return true;
            },
            changed =>
            {
                durable(changed);
                news.Tell();
            });
    }

    private async Task<T> RunAsync<T>(Func<SqliteSession, T> change, Action<T> durable)
    {
        var started = _time.GetTimestamp();
        if (!_queue.WaitForRoom()) throw NoRoom(StoreOperation.Change);
        var item = new ChangeItem<T>(change, durable);
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
}
