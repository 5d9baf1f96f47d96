using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Keeps everything in memory, within caps: for replay, for tests, and where nothing has to survive a restart.</summary>
/// <remarks>
/// "Durable" means "applied" here: tasks are complete when they are returned, and nothing fails but a faulty argument. Loads may run on any thread
/// beside one commit; each waits for a few dozen rows at most. Records (audit, keys, feedback) are bounded too, the oldest give way.
/// </remarks>
public sealed class InMemoryStateStore : IStateStore, IRecordStore
{
    /// <summary>Commits between two looks for blocks that have ended.</summary>
    private const int CommitsPerSweep = 64;

    private readonly StateTables _tables;
    private readonly AssessmentRing _ring;
    private readonly BlockRegister _register = new();
    private readonly MemoryRecords _records = new();
    private readonly TimeProvider _time;
    private readonly StoreMeter _meter;
    private readonly MemoryEraser _eraser;
    private readonly MemoryOutbox _outbox;
    private readonly MemoryChallenges _challenges;
    private readonly Lock _committing = new();
    private long _commits;
    private long _generation;

    public InMemoryStateStore(InMemoryStoreSettings settings, TimeProvider time)
    {
        _time = time;
        _meter = new StoreMeter("memory", time);
        _tables = new StateTables(settings.Caps);
        _ring = new AssessmentRing(settings.Assessments);
        Hash = new KeyedHash(settings.HashKey.Span);
        _outbox = new MemoryOutbox(settings.OutboxCapacity, time, _records.Audit);
        _challenges = new MemoryChallenges(_records.CountCompromised);
        _eraser = new MemoryEraser(_tables, _ring, _register, _records, _outbox, _challenges, Hash);
    }

    public KeyedHash Hash { get; }

    public BlockTable Blocks => _register.Blocks;

    public BlockTable AllowList => _register.AllowList;

    public IOutbox Outbox => _outbox;

    public IChallengeStore Challenges => _challenges;

    /// <summary>Gets what the store did and how long it took.</summary>
    public StoreMeter Meter => _meter;

    public ValueTask LoadAsync(StateView view, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        view.Generation = Volatile.Read(ref _generation);
        _tables.Load(view);
        view.Blocks = Blocks;
        _meter.Note(StoreOperation.Load, _time.GetElapsedTime(started));
        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        lock (_committing)
        {
            if (effects.View.Generation != _generation)
                return ValueTask.FromException(new StateStoreException("A subject was erased since this was loaded. Load and judge it again."));
            _tables.Apply(effects, ++_commits);
            _ring.Add(effects);
            foreach (var made in effects.NewBlocks) AddBlockOfRule(made);
            foreach (var entry in effects.Audit) Note(entry);
            if (effects.Cursors is { } cursors) _records.PutCursors(cursors);
            _outbox.Add(effects.Owed);
            if (effects.Challenges.Count + effects.LoginDays.Count > 0) _challenges.Save(effects.Challenges, effects.LoginDays);
            if (_commits % CommitsPerSweep == 0) RemoveEnded();
        }

        _meter.Note(StoreOperation.Commit, _time.GetElapsedTime(started));
        return ValueTask.CompletedTask;
    }

    public ValueTask<AssessmentPage> FindAssessmentsAsync(AssessmentQuery query, CancellationToken cancellationToken)
    {
        Records.StoredEvents.Check(query);
        return ValueTask.FromResult(_ring.Find(query));
    }

    public ValueTask<StoredEvent?> FindEventAsync(string tenant, string eventId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FindEvent(tenant, eventId));

    public ValueTask<Block> AddBlockAsync(Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        Add(BlockList.Block, block, key, audit);

    public ValueTask<Block?> RemoveBlockAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => Remove(BlockList.Block, id, audit);

    public ValueTask<Block> AddAllowAsync(Block entry, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        Add(BlockList.Allow, entry, key, audit);

    public ValueTask<Block?> RemoveAllowAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => Remove(BlockList.Allow, id, audit);

    public ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => ValueTask.FromResult(AddFeedback(feedback, audit, once: false));

    public ValueTask<bool> AddFeedbackOnceAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => ValueTask.FromResult(AddFeedback(feedback, audit, once: true));

    public ValueTask<IReadOnlyDictionary<string, Feedback>> FindFeedbackAsync(string tenant, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_records.FindFeedback(tenant, eventIds));

    public ValueTask<IReadOnlyList<CompromisedEvent>> FindCompromisedAsync(string tenant, string subject, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_records.FindCompromised(tenant, SubjectHandle.Of(Hash, tenant, subject)));

    public ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_records.ReadAudit(after, limit));

    public ValueTask<AuditEnds> ReadAuditEndsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_records.AuditEnds);

    public ValueTask<ErasureReport> EraseSubjectAsync(SubjectErasure erasure, AuditEntry audit, CancellationToken cancellationToken)
    {
        lock (_committing)
        {
            if (!erasure.DryRun) Interlocked.Increment(ref _generation);
            var report = _eraser.Erase(erasure, audit);
            if (!erasure.DryRun) Interlocked.Increment(ref _generation);
            return ValueTask.FromResult(report);
        }
    }

    public ValueTask<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_records.ListKeys());

    public ValueTask AddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken)
    {
        _records.PutKey(key);
        Note(audit);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> TryAddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken)
    {
        var added = _records.TryPutKey(key);
        if (added) Note(audit);
        return ValueTask.FromResult(added);
    }

    public ValueTask<bool> RevokeKeyAsync(string name, AuditEntry audit, CancellationToken cancellationToken)
    {
        var removed = _records.RemoveKey(name);
        if (removed) Note(audit);
        return ValueTask.FromResult(removed);
    }

    public ValueTask<string?> ReadCursorAsync(string source, CancellationToken cancellationToken) => ValueTask.FromResult(_records.Cursor(source));

    public ValueTask<IReadOnlyList<OperatorAddress>> ReadOperatorsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_records.Operators);

    public ValueTask AddAuditAsync(AuditEntry audit, CancellationToken cancellationToken)
    {
        Note(audit);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteOperatorsAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit, CancellationToken cancellationToken)
    {
        _records.Operators = seen;
        Note(audit);
        return ValueTask.CompletedTask;
    }

    public ValueTask<StoreStatistics> StatisticsAsync(CancellationToken cancellationToken)
    {
        lock (_tables.Gate)
        {
            return ValueTask.FromResult(new StoreStatistics(_ring.Count, _tables.Profiles.Count, _tables.Reputation.Count, 0, _tables.Evictions()));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoredEvent? FindEvent(string tenant, string eventId) => _ring.Find(
        StateKeys.Event(Hash, System.Text.Encoding.UTF8.GetBytes(tenant), System.Text.Encoding.UTF8.GetBytes(eventId)));

    private bool AddFeedback(Feedback feedback, AuditEntry audit, bool once)
    {
        if (FindEvent(feedback.Tenant, feedback.EventId) is not { } stored) return false;
        var subject = SubjectHandle.Of(Hash, stored.Tenant, stored.Subject);
        if (!_records.PutFeedback(feedback, subject, once)) return false;
        _challenges.Label(StateKeys.Event(Hash, System.Text.Encoding.UTF8.GetBytes(feedback.Tenant), System.Text.Encoding.UTF8.GetBytes(feedback.EventId)), feedback.Label);
        Note(audit with { Subject = subject });
        return true;
    }

    private ValueTask<Block> Add(BlockList list, Block block, BlockKey key, AuditEntry audit)
    {
        var added = block with { Id = _register.NextId() };
        _register.Put(list, added, key);
        Note(audit.Adding(added) with { Subject = SubjectHandle.Of(Hash, added) });
        return ValueTask.FromResult(added);
    }

    private ValueTask<Block?> Remove(BlockList list, long id, AuditEntry audit)
    {
        var removed = _register.Remove(list, id);
        if (removed is not null) Note(audit with { Subject = SubjectHandle.Of(Hash, removed) });
        return ValueTask.FromResult(removed);
    }

    /// <summary>Audits an act, and owes what is owed for it.</summary>
    private void Note(AuditEntry audit)
    {
        _records.Audit(audit);
        _outbox.Add(audit.Owed);
    }

    private void AddBlockOfRule(NewBlock made)
    {
        var (block, key) = BlockAudit.OfRule(made, _register.NextId());
        _register.Put(BlockList.Block, block, key);
        _records.Audit(BlockAudit.Added(Hash, block));
    }

    private void RemoveEnded()
    {
        var now = BlockAudit.EndOf(_tables.Watermark, _time);
        foreach (var (list, block) in _register.Ended(now))
        {
            if (_register.Remove(list, block.Id) is not null) _records.Audit(BlockAudit.Ended(Hash, list, block, now));
        }

        _outbox.Tidy();
    }
}
