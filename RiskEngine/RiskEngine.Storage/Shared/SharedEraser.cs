using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Forgets subjects in the shared store: everything in one transaction, so a crash in between changes nothing.</summary>
/// <remarks>
/// Copies in Redis are overwritten with "gone". What other replicas loaded before is refused at their commit. PostgreSQL keeps what was deleted in its pages until
/// they are vacuumed, which is asked for here, and in its log until that is recycled; backups are not touched.
/// </remarks>
internal sealed class SharedEraser(SharedStateStore store, PgEvents events) : IDisposable
{
    private const int Chunk = 10_000;

    private readonly SemaphoreSlim _turn = new(1);

    public async Task<ErasureReport> EraseAsync(SubjectErasure erasure, AuditEntry audit)
    {
        await _turn.WaitAsync();
        try
        {
            var (subject, accounts) = await store.Database.ReadAsync(
                session => Task.FromResult(new AccountSearch(store.Hash, bytes => events.WithAsync(session, bytes).GetAwaiter().GetResult()).Find(erasure.Tenant, erasure.Subject)), CancellationToken.None);
            if (subject is null) return ErasureCount.Ambiguous(accounts);
            await store.Carrier.CarryAsync();
            var rows = await store.Database.ReadAsync(session => FindRowsAsync(session, subject), CancellationToken.None);
            return await EraseAsync(subject, rows, erasure, audit);
        }
        catch (RolledBackException dry)
        {
            return dry.Report;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ErasureReport> EraseAsync(ErasedSubject subject, ErasedRows rows, SubjectErasure erasure, AuditEntry audit)
    {
        var count = new ErasureCount();
        await store.ChangeAsync(
            async (session, change) =>
            {
                // What was appended since: nothing of the subject may stay in the journal.
                await store.Carrier.CarryAllAsync(session, change.Was);
                change.BeginsEpoch = true;
                await EraseEventsAsync(session, change, subject, rows, count);
                change.ProfilesRemoved = await change.RemoveRowsAsync(session, StateRowKind.Profile, subject.Keys);
                count.Add(ErasureReport.Profiles, change.ProfilesRemoved);
                count.Add(ErasureReport.Pairs, await change.RemoveRowsAsync(session, StateRowKind.Pair, rows.Pairs));
                count.Add(ErasureReport.Skeletons, await change.RemoveRowsAsync(session, StateRowKind.Skeleton, rows.Skeletons));
                var handles = subject.Handles.Select(PgKey.Of).ToArray();
                count.Add(ErasureReport.Feedback, await session.ExecuteAsync("DELETE FROM feedback WHERE subject = ANY($1)", handles));
                await PgChallenges.EraseAsync(session, handles);
                count.Add(ErasureReport.Outbox, await PgOutbox.EraseAsync(session, handles));
                foreach (var handle in subject.Handles) count.Add(ErasureReport.Audit, await PgAudit.DestroyKeyAsync(session, handle));
                await SharedFeed.NoteErasureAsync(session);
                if (erasure.DryRun) throw new RolledBackException(count.Report(isWiped: true));
                return (true, true);
            },
            _ => audit with { Target = SubjectHandle.Receipt(store.Hash, erasure.Tenant, erasure.Subject), Detail = count.ToString(), Subject = null },
            CancellationToken.None);
        store.NoteRemoval();
        return count.Report(await VacuumAsync()) with { Keys = subject.Keys, Handles = subject.Handles };
    }

    /// <summary>Takes the subject out of its events, with the blocks that name it or a session of it, and adds the pairs that follow from them.</summary>
    private async Task EraseEventsAsync(PgSession session, SharedChange change, ErasedSubject subject, ErasedRows rows, ErasureCount count)
    {
        var owned = (await events.OfAsync(session, subject.Keys)).Where(found => subject.Owns(store.Hash, found.Event)).ToList();
        if (owned.Count > 0)
        {
            await session.ExecuteAsync(
                "UPDATE events SET subject = 0, address = 0, level = NULL, body = erased.body FROM unnest($1::bigint[], $2::bytea[]) AS erased (number, body) WHERE seq = erased.number",
                owned.Select(found => found.Seq).ToArray(), owned.Select(found => StoredEventCodec.Erased(found.Event.OccurredAt)).ToArray());
        }

        count.Add(ErasureReport.Events, owned.Count);
        foreach (var (_, stored) in owned) rows.Pairs.UnionWith(subject.Keys.Select(key => StateKeys.Pair(store.Hash, key, stored.SourceIp)));
        var ids = owned.Select(found => (found.Event.Tenant, found.Event.EventId)).ToHashSet();
        foreach (var (list, block, _) in await PgLists.ReadAsync(session))
        {
            if (!subject.IsNamedIn(store.Hash, block) && !(block.Scope == BlockScope.Session && ids.Contains((block.Tenant, block.EventId)))) continue;
            if (await change.RemoveAsync(session, list, block.Id) > 0) count.Add(list);
        }
    }

    /// <summary>Rows whose keys do not follow from the subject's: pairs, by trying every address that has a reputation, and looks of names.</summary>
    private async Task<ErasedRows> FindRowsAsync(PgSession session, ErasedSubject subject)
    {
        var rows = new ErasedRows();
        var lows = subject.Keys.Select(key =>
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)key);
            return bytes;
        }).ToArray();
        rows.Skeletons.UnionWith(await session.QueryAsync("SELECT key FROM state_rows WHERE kind = $1 AND substring(body FOR 8) = ANY($2)", row => PgKey.From(row.GetGuid(0)), (short)StateRowKind.Skeleton, lows));
        var (after, end) = (PgKey.Of((UInt128)((ulong)ReputationKind.Address << 56) << 64), PgKey.Of((UInt128)((ulong)(ReputationKind.Address + 1) << 56) << 64));
        while (true)
        {
            var addresses = await session.QueryAsync(
                "SELECT key FROM state_rows WHERE kind = $1 AND key >= $2 AND key < $3 ORDER BY key LIMIT $4", row => row.GetGuid(0), (short)StateRowKind.Reputation, after, end, Chunk);
            var pairs = addresses.SelectMany(address => subject.Keys.Select(key => StateKeys.Pair(store.Hash, key, StateKeys.ValueOf(PgKey.From(address))))).Select(PgKey.Of).ToArray();
            if (pairs.Length > 0) rows.Pairs.UnionWith(await session.QueryAsync("SELECT key FROM state_rows WHERE kind = $1 AND key = ANY($2)", row => PgKey.From(row.GetGuid(0)), (short)StateRowKind.Pair, pairs));
            if (addresses.Count < Chunk) return rows;
            after = PgKey.Of(PgKey.From(addresses[^1]) + 1);
        }
    }

    private async Task<bool> VacuumAsync()
    {
        try
        {
            foreach (var table in new[] { "state_rows", "journal", "events", "feedback", "outbox", "outbox_once", "blocks", "subject_keys" })
                await store.Database.ReadAsync(session => session.ExecuteAsync($"VACUUM {table}"), CancellationToken.None);
            return true;
        }
        catch (StateStoreException failure)
        {
            // Autovacuum does it later.
            store.Meter.NoteFailure(StoreOperation.Prune, failure);
            return false;
        }
    }

    /// <summary>Ends the transaction of a dry run, which did everything to know what would go.</summary>
    private sealed class RolledBackException(ErasureReport report) : Exception
    {
        public ErasureReport Report { get; } = report;
    }
}
