using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Shared;

/// <content>The records beside the hot path.</content>
public sealed partial class SharedStateStore
{
    private const string OperatorsName = "operators";

    public async ValueTask<AssessmentPage> FindAssessmentsAsync(AssessmentQuery query, CancellationToken cancellationToken)
    {
        StoredEvents.Check(query);
        return await QueryAsync(session => _events.FindAsync(session, query), cancellationToken);
    }

    public async ValueTask<StoredEvent?> FindEventAsync(string tenant, string eventId, CancellationToken cancellationToken)
    {
        var key = StateKeys.Event(Hash, Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(eventId));
        return await QueryAsync(session => _events.FindAsync(session, key), cancellationToken);
    }

    public ValueTask<Block> AddBlockAsync(Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) => AddAsync(BlockList.Block, block, key, audit, cancellationToken);

    public ValueTask<Block?> RemoveBlockAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => RemoveAsync(BlockList.Block, id, audit, cancellationToken);

    public ValueTask<Block> AddAllowAsync(Block entry, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) => AddAsync(BlockList.Allow, entry, key, audit, cancellationToken);

    public ValueTask<Block?> RemoveAllowAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => RemoveAsync(BlockList.Allow, id, audit, cancellationToken);

    public IChallengeStore Challenges => _challenges;

    public ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => AddFeedbackAsync(feedback, audit, once: false, cancellationToken);

    public ValueTask<bool> AddFeedbackOnceAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken) => AddFeedbackAsync(feedback, audit, once: true, cancellationToken);

    public async ValueTask<IReadOnlyList<CompromisedEvent>> FindCompromisedAsync(string tenant, string subject, CancellationToken cancellationToken) =>
        await QueryAsync(session => PgRecords.CompromisedAsync(session, tenant, SubjectHandle.Of(Hash, tenant, subject)), cancellationToken);

    public async ValueTask<IReadOnlyDictionary<string, Feedback>> FindFeedbackAsync(string tenant, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        await QueryAsync(session => PgRecords.FindFeedbackAsync(session, tenant, eventIds), cancellationToken);

    public async ValueTask AddAuditAsync(AuditEntry audit, CancellationToken cancellationToken) => await WriteAsync(_ => Task.CompletedTask, audit, cancellationToken);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(session => PgAudit.ReadAsync(session, after, limit), cancellationToken);

    public async ValueTask<AuditEnds> ReadAuditEndsAsync(CancellationToken cancellationToken)
    {
        var (anchor, head, _) = await QueryAsync(PgAudit.ReadEndsAsync, cancellationToken);
        return anchor is not null && head is not null
            ? new AuditEnds(anchor, head)
            : throw new StateStoreException("The ends of the audit were changed from outside; 'riskengine export audit --verify' tells more.");
    }

    public async ValueTask<ErasureReport> EraseSubjectAsync(SubjectErasure erasure, AuditEntry audit, CancellationToken cancellationToken) =>
        await Task.Run(() => _eraser.EraseAsync(erasure, audit), CancellationToken.None).WaitAsync(cancellationToken);

    public async ValueTask<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) => await QueryAsync(PgRecords.KeysAsync, cancellationToken);

    public async ValueTask AddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken) =>
        await WriteAsync(session => PgRecords.PutKeyAsync(session, key), audit, cancellationToken);

    public async ValueTask<bool> TryAddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken) => await ChangeAsync(
        async (session, _) =>
        {
            var isAdded = await PgRecords.TryPutKeyAsync(session, key);
            return (isAdded, isAdded);
        },
        _ => audit,
        cancellationToken);

    public async ValueTask<bool> RevokeKeyAsync(string name, AuditEntry audit, CancellationToken cancellationToken) => await ChangeAsync(
        async (session, _) =>
        {
            var isRemoved = await PgRecords.RemoveKeyAsync(session, name);
            return (isRemoved, isRemoved);
        },
        _ => audit,
        cancellationToken);

    public async ValueTask<string?> ReadCursorAsync(string source, CancellationToken cancellationToken) => await QueryAsync(session => PgRecords.CursorAsync(session, source), cancellationToken);

    public async ValueTask<IReadOnlyList<OperatorAddress>> ReadOperatorsAsync(CancellationToken cancellationToken) =>
        OperatorCodec.Read(await QueryAsync(session => PgRecords.MetaAsync(session, OperatorsName), cancellationToken));

    public async ValueTask WriteOperatorsAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit, CancellationToken cancellationToken) =>
        await WriteAsync(session => PgRecords.PutMetaAsync(session, OperatorsName, OperatorCodec.Write(seen)), audit, cancellationToken);

    public async ValueTask<StoreStatistics> StatisticsAsync(CancellationToken cancellationToken) => await QueryAsync(
        async session =>
        {
            var head = (await session.QueryAsync(PgHead.Select, PgHead.Read))[0];
            var oldest = await session.ScalarAsync<long>("SELECT seq FROM events ORDER BY seq LIMIT 1");
            var size = await session.ScalarAsync<long>("SELECT pg_database_size(current_database())");
            return new StoreStatistics(oldest == 0 ? 0 : head.Seq - oldest + 1, head.Profiles, head.Reputation, size, new Dictionary<string, long>());
        },
        cancellationToken);

    /// <summary>Reads both lists again, after others changed them.</summary>
    internal Task<bool> ReadListsAsync() => _database.ReadAsync(
        async session =>
        {
            await _lists.ReadAsync(session);
            return true;
        },
        CancellationToken.None);

    internal Task OweAsync(PgSession session, IReadOnlyList<OutboxItem> items, HashSet<string> owed, List<(string Responder, string Reason)> dead) => _outbox.AddAsync(session, items, owed, dead);

    internal void TellOwed(IEnumerable<string> owed, IEnumerable<(string Responder, string Reason)> dead) => _outbox.TellOwed(owed, dead);

    internal void NoteRemoval() => _outbox.NoteRemoval();

    internal Task TellAsync(string what) => _copies.TellAsync($"{_replica} {what}");

    /// <summary>Hears what a replica told.</summary>
    internal void Hear(string message)
    {
        if (message.StartsWith(_replica, StringComparison.Ordinal)) return;
        switch (message.Split(' ', 3))
        {
            case [_, SharedWatch.ListsChanged]: _watch.Wake(); break;
            case [_, SharedWatch.Owed, var responder]: _outbox.Signals.Owed?.Invoke(responder); break;
            case [_, SharedWatch.Removed]: _outbox.HearRemoval(); break;
        }
    }

    /// <summary>Takes a head that was read, unless it is older than the one known.</summary>
    internal void Take(PgHead head)
    {
        lock (_gate)
        {
            if (head.Number >= _head.Number) Volatile.Write(ref _head, head);
        }
    }

    private async ValueTask<Block> AddAsync(BlockList list, Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken) => await ChangeAsync(
        (session, change) => Task.FromResult((change.Put(session, list, block, key), true)),
        added => audit.Adding(added) with { Subject = SubjectHandle.Of(Hash, added) },
        cancellationToken);

    private async ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, bool once, CancellationToken cancellationToken)
    {
        if (await FindEventAsync(feedback.Tenant, feedback.EventId, cancellationToken) is not { } stored) return false;
        var subject = SubjectHandle.Of(Hash, stored.Tenant, stored.Subject);
        var key = StateKeys.Event(Hash, Encoding.UTF8.GetBytes(feedback.Tenant), Encoding.UTF8.GetBytes(feedback.EventId));
        return await ChangeAsync(
            async (session, _) =>
            {
                if (once && await PgRecords.HasSaidAsync(session, feedback)) return (false, false);
                await PgRecords.AddFeedbackAsync(session, feedback, subject);
                await PgChallenges.LabelAsync(session, key, feedback.Label);
                return (true, true);
            },
            _ => audit with { Subject = subject },
            cancellationToken);
    }

    private async ValueTask<Block?> RemoveAsync(BlockList list, long id, AuditEntry audit, CancellationToken cancellationToken) => await ChangeAsync<Block?>(
        async (session, change) =>
        {
            var found = await PgLists.FindAsync(session, list, id);
            return found is not null && await change.RemoveAsync(session, list, id) > 0 ? (found, true) : (null, false);
        },
        removed => audit with { Subject = SubjectHandle.Of(Hash, removed!) },
        cancellationToken);

    private Task<bool> WriteAsync(Func<PgSession, Task> write, AuditEntry audit, CancellationToken cancellationToken) => ChangeAsync(
        async (session, _) =>
        {
            await write(session);
            return (true, true);
        },
        _ => audit,
        cancellationToken);

    private async Task<T> QueryAsync<T>(Func<PgSession, Task<T>> read, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            var result = await _database.ReadAsync(read, cancellationToken);
            Meter.Note(StoreOperation.Query, _time.GetElapsedTime(started));
            return result;
        }
        catch (Exception failure) when (failure is StateStoreException or FormatException)
        {
            Meter.NoteFailure(StoreOperation.Query, failure);
            throw failure as StateStoreException ?? new StateStoreException($"What is stored cannot be read. {failure.Message}", failure);
        }
    }
}
