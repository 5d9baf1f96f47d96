using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;

namespace RiskEngine.Storage.InMemory;

/// <summary>Forgets subjects in the in-memory store, as the SQLite store does.</summary>
/// <remarks>The caller keeps commits away meanwhile.</remarks>
internal sealed class MemoryEraser(StateTables tables, AssessmentRing ring, BlockRegister register, MemoryRecords records, MemoryOutbox outbox, MemoryChallenges challenges, KeyedHash hash)
{
    public ErasureReport Erase(SubjectErasure erasure, AuditEntry audit)
    {
        var (subject, accounts) = new AccountSearch(hash, bytes => ring.With(bytes)).Find(erasure.Tenant, erasure.Subject);
        if (subject is null) return ErasureCount.Ambiguous(accounts);
        var count = new ErasureCount();
        EraseState(subject, erasure.DryRun, count);
        var events = ring.Erase(subject.Keys, erasure.DryRun);
        var ids = events.Select(stored => (stored.Tenant, stored.EventId)).ToHashSet();
        count.Add(ErasureReport.Events, events.Count);
        foreach (var (list, block) in register.Standing.Where(entry => subject.IsNamedIn(hash, entry.Block) || (entry.Block.Scope == BlockScope.Session && ids.Contains((entry.Block.Tenant, entry.Block.EventId)))))
        {
            count.Add(list);
            if (!erasure.DryRun) register.Remove(list, block.Id);
        }

        foreach (var handle in subject.Handles)
        {
            count.Add(ErasureReport.Feedback, records.RemoveFeedback(handle, erasure.DryRun));
            count.Add(ErasureReport.Outbox, outbox.Erase(handle, erasure.DryRun));
            count.Add(ErasureReport.Audit, records.DestroyKey(handle, erasure.DryRun));
            if (!erasure.DryRun) challenges.Erase(handle);
        }

        if (!erasure.DryRun) records.Audit(audit with { Target = SubjectHandle.Receipt(hash, erasure.Tenant, erasure.Subject), Detail = count.ToString(), Subject = null });
        return count.Report(isWiped: true) with { Keys = erasure.DryRun ? [] : subject.Keys, Handles = erasure.DryRun ? [] : subject.Handles };
    }

    private void EraseState(ErasedSubject subject, bool dryRun, ErasureCount count)
    {
        var rows = new ErasedRows();
        tables.FindRows(hash, subject, rows);
        count.Add(ErasureReport.Profiles, subject.Keys.Count(tables.HasProfile));
        count.Add(ErasureReport.Pairs, rows.Pairs.Count);
        count.Add(ErasureReport.Skeletons, rows.Skeletons.Count);
        if (dryRun) return;
        tables.BeginErasure(hash, subject, rows);
        tables.EndErasure();
    }
}
