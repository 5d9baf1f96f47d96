using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>What the store lends to whoever erases.</summary>
internal interface IErasureHost : IChangeHost
{
    /// <summary>Gets what is in memory of the state; rows that are not in their tables yet always are.</summary>
    StateTables Tables { get; }

    /// <summary>Says that what responders were owed may be gone.</summary>
    void NoteErased();

    /// <summary>The same, in one step with taking the subject's rows out of the memory: commits of what was loaded before are refused, later ones see nothing of them.</summary>
    /// <param name="rows">Rows known to be on the disk; those in memory are added.</param>
    Task<T> RunErasingAsync<T>(ErasedSubject subject, ErasedRows rows, Func<SqliteSession, T> change, Action<T> durable);
}

/// <summary>Forgets subjects: finds out who is meant, notes it, takes events a slice at a time, then everything else at once, and overwrites the rest.</summary>
/// <remarks>
/// The note, keys without names, is durable before anything goes, and goes with the last of it; so a crash in between is finished by <see cref="ResumeAsync"/>.
/// One erasure at a time. Thread-safe.
/// </remarks>
internal sealed class SubjectEraser(SqliteReaders readers, BlockRegister register, TextTable texts, KeyedHash hash, IErasureHost host) : IDisposable
{
    /// <summary>Events that are taken in one transaction, for which no commit waits long.</summary>
    private const int EventsPerSlice = 250;

    private const int MostCuts = 5;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly StoredEventCodec _codec = new(texts);

    public async Task<ErasureReport> EraseAsync(SubjectErasure erasure, AuditEntry audit)
    {
        await _turn.WaitAsync();
        try
        {
            if (!erasure.DryRun) await FinishNotedAsync();
            var (subject, accounts) = readers.Read(StoreOperation.Query, erasure, Find);
            if (subject is null) return ErasureCount.Ambiguous(accounts);
            if (erasure.DryRun) return readers.Read(StoreOperation.Query, subject, Count);
            var entry = audit with { Target = SubjectHandle.Receipt(hash, erasure.Tenant, erasure.Subject), Detail = "", Subject = null };
            var number = await host.RunAsync(session => Note(session.Database, subject, entry), _ => { });
            var count = await EraseAsync(number, subject, entry);
            return count.Report(await WipeAsync()) with { Keys = subject.Keys, Handles = subject.Handles };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether something of an erasure is left to be done.</summary>
    public static bool IsPending(SqliteReader reader) => reader.Database.Number("SELECT EXISTS (SELECT 1 FROM erasures)") != 0 || FreeSpace.IsAsked(reader.Database);

    /// <summary>Finishes what a crash, or a failing disk, left half done.</summary>
    public async Task ResumeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await FinishNotedAsync();
            if (readers.Read(StoreOperation.Load, 0, (reader, _) => FreeSpace.IsAsked(reader.Database))) await WipeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static long Note(SqliteDatabase database, ErasedSubject subject, AuditEntry entry)
    {
        database.Execute("INSERT INTO erasures (keys, at, who, receipt) VALUES (?, ?, ?, ?)", subject.ToBytes(), entry.At.UnixMilliseconds, entry.Who, entry.Target);
        return database.LastId;
    }

    private async Task FinishNotedAsync()
    {
        var noted = readers.Read(StoreOperation.Load, 0, (reader, _) => reader.Database.Query(
            "SELECT number, keys, at, who, receipt FROM erasures ORDER BY number",
            row => (Number: row.Integer(0), Subject: ErasedSubject.FromBytes(row.Blob(1)), Entry: new AuditEntry(0, new EventTime(row.Integer(2)), row.Text(3), "subject.erase", row.Text(4), ""))));
        foreach (var (number, subject, entry) in noted) await EraseAsync(number, subject, entry);
    }

    private (ErasedSubject? Subject, IReadOnlyList<string> Accounts) Find(SqliteReader reader, SubjectErasure erasure) =>
        new AccountSearch(hash, bytes => EventsWith(reader, bytes)).Find(erasure.Tenant, erasure.Subject);

    private IEnumerable<StoredEvent> EventsWith(SqliteReader reader, byte[] bytes)
    {
        using var rows = reader.Database.Once("SELECT body FROM events");
        while (rows.Step())
        {
            if (rows.Blob(0).IndexOf(bytes) >= 0) yield return _codec.Read(rows.Blob(0));
        }
    }

    /// <summary>Counts what would go.</summary>
    private ErasureReport Count(SqliteReader reader, ErasedSubject subject)
    {
        var count = new ErasureCount();
        var room = new byte[Core.Models.SubjectProfile.MaxLength];
        var rows = RowSearch.Find(reader, hash, subject);
        host.Tables.FindRows(hash, subject, rows);
        count.Add(ErasureReport.Profiles, subject.Keys.Count(key => host.Tables.HasProfile(key) || reader.ReadProfile(key, room) > 0));
        count.Add(ErasureReport.Pairs, rows.Pairs.Count);
        count.Add(ErasureReport.Skeletons, rows.Skeletons.Count);
        foreach (var seq in EventEraser.Find(reader, subject))
        {
            if (reader.Database.Query("SELECT body FROM events WHERE seq = ?", row => _codec.Read(row.Blob(0)), seq) is not [var stored] || !subject.Owns(hash, stored)) continue;
            count.Add(ErasureReport.Events, 1);
            count.Add(ErasureReport.Feedback, reader.Database.Number("SELECT count(*) FROM feedback WHERE event_id = ? AND tenant = ? AND subject IS NULL", stored.EventId, stored.Tenant));
            foreach (var (list, _) in register.Standing.Where(entry => entry.Block.Scope == BlockScope.Session && entry.Block.EventId == stored.EventId && entry.Block.Tenant == stored.Tenant)) count.Add(list);
        }

        foreach (var (list, _) in register.Standing.Where(entry => subject.IsNamedIn(hash, entry.Block))) count.Add(list);
        foreach (var handle in subject.Handles)
        {
            count.Add(ErasureReport.Feedback, reader.Database.Number("SELECT count(*) FROM feedback WHERE subject = ?", RecordWriter.BytesOf(handle)));
            count.Add(ErasureReport.Outbox, OutboxReader.CountOf(reader, handle));
            count.Add(ErasureReport.Audit, AuditTable.CountOf(reader.Database, handle));
        }

        return count.Report(isWiped: true);
    }

    private async Task<ErasureCount> EraseAsync(long number, ErasedSubject subject, AuditEntry entry)
    {
        var count = new ErasureCount();
        var eraser = new EventEraser(hash, _codec, subject, register.Standing, count);
        var (seqs, newest) = readers.Read(StoreOperation.Query, subject, (reader, asked) =>
        {
            var last = reader.Database.Number("SELECT max(seq) FROM events");
            return (EventEraser.Find(reader, asked), last);
        });
        foreach (var slice in seqs.Chunk(EventsPerSlice))
        {
            await host.RunAsync(
                session =>
                {
                    eraser.Erase(session, slice);
                    return true;
                },
                _ => { });
        }

        var rows = readers.Read(StoreOperation.Query, subject, (reader, asked) => RowSearch.Find(reader, hash, asked));
        await host.RunErasingAsync(subject, rows, session => EraseRest(session, number, subject, entry, eraser, rows, newest, count), _ => Forget(eraser.Ended));
        return count;
    }

    /// <summary>Everything but the events up to <paramref name="newest"/>, in one transaction.</summary>
    private bool EraseRest(SqliteSession session, long number, ErasedSubject subject, AuditEntry entry, EventEraser eraser, ErasedRows rows, long newest, ErasureCount count)
    {
        eraser.Erase(session, EventEraser.FindAfter(session.Database, subject, newest));
        foreach (var address in eraser.Addresses) rows.Pairs.UnionWith(subject.Keys.Select(key => StateKeys.Pair(hash, key, address)));
        var inJournal = session.Journal.Erase(
        [
            .. subject.Keys.Select(key => (StateRowKind.Profile, key)),
            .. rows.Pairs.Select(key => (StateRowKind.Pair, key)),
            .. rows.Skeletons.Select(key => (StateRowKind.Skeleton, key)),
        ]);
        bool IsRemoved(StateRowKind kind, UInt128 key) => StateRemoval.Remove(session.Database, kind, key) | inJournal.Contains(key);
        var profiles = subject.Keys.Count(key => IsRemoved(StateRowKind.Profile, key));
        session.Changes.CountRows("profiles"u8, -profiles);
        count.Add(ErasureReport.Profiles, profiles);
        count.Add(ErasureReport.Skeletons, rows.Skeletons.Count(key => IsRemoved(StateRowKind.Skeleton, key)));
        count.Add(ErasureReport.Pairs, rows.Pairs.Count(key => IsRemoved(StateRowKind.Pair, key)));
        foreach (var (list, block) in register.Standing.Where(standing => subject.IsNamedIn(hash, standing.Block))) eraser.End(session, list, block);
        foreach (var handle in subject.Handles)
        {
            count.Add(ErasureReport.Feedback, session.Records.RemoveFeedback(handle));
            count.Add(ErasureReport.Audit, session.Records.Audit.DestroyKey(handle));
            session.Challenges.Erase(handle);
        }

        count.Add(ErasureReport.Outbox, session.Outbox.Erase(subject.Handles));
        session.Records.AddAudit(entry with { Detail = count.ToString() });
        session.Database.Execute("DELETE FROM erasures WHERE number = ?", number);
        FreeSpace.Ask(session.Database);
        return true;
    }

    private void Forget(IEnumerable<(BlockList List, long Id)> ended)
    {
        foreach (var (list, id) in ended) register.Remove(list, id);
        host.NoteErased();
    }

    private async Task<bool> WipeAsync()
    {
        SqliteDatabase? writer = null;
        var isCut = false;
        while (await host.RunAsync(session => FreeSpace.OverwriteSlice(session.Database), _ => { }))
        {
        }

        await host.RunAsync(
            session =>
            {
                FreeSpace.GiveBack(session.Database);
                return true;
            },
            _ => { });
        // Once a transaction is durable its item is completed on the writer's thread, outside any transaction: the place to cut the log.
        for (var tries = 0; tries < MostCuts && !isCut; tries++) await host.RunAsync(session => writer = session.Database, _ => isCut = FreeSpace.CutLog(writer!));
        if (isCut) await host.RunAsync(
            session =>
            {
                FreeSpace.Done(session.Database);
                return true;
            },
            _ => { });
        return isCut;
    }
}
