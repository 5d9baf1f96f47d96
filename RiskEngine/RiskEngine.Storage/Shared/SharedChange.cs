using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>One transaction on its way: what it writes beside rows and events, and what memory takes of it once it is durable.</summary>
internal sealed class SharedChange(SharedStateStore store)
{
    private readonly List<Action<BlockRegister>> _lists = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly List<OutboxItem> _owed = [];
    private readonly List<(string Responder, string Reason)> _dead = [];
    private readonly HashSet<string> _owedTo = [];
    private readonly List<(RowKey Key, byte[] Body)> _rows = [];
    private readonly ByteBuffer _encoded = new();
    private List<SeenEvent> _seen = [];
    private long _lastBlock;

    /// <summary>Gets or sets how many rows went, of those that are counted.</summary>
    public int ProfilesRemoved { get; set; }

    public int ReputationRemoved { get; set; }

    /// <summary>Gets or sets whether no copy that was written before counts from then on.</summary>
    public bool BeginsEpoch { get; set; }

    /// <summary>Gets the head that was locked.</summary>
    public PgHead Was { get; private set; } = null!;

    /// <summary>Begins from there, and gives out ids.</summary>
    public void Begin(PgHead head) => (Was, _lastBlock) = (head, head.LastBlock);

    /// <summary>Writes an entry of a list with the next flush, and returns it with its id.</summary>
    public Block Put(PgSession session, BlockList list, Block block, BlockKey key)
    {
        var added = block with { Id = ++_lastBlock };
        PgLists.PutLater(session, list, added, key);
        _lists.Add(register => register.Put(list, added, key));
        return added;
    }

    /// <summary>Removes entries of a list and returns how many there were.</summary>
    public async Task<int> RemoveAsync(PgSession session, BlockList list, params long[] ids)
    {
        var removed = await PgLists.RemoveAsync(session, list, ids);
        foreach (var id in removed) _lists.Add(register => register.Remove(list, id));
        return removed.Count;
    }

    public void Audit(AuditEntry entry)
    {
        _audit.Add(entry);
        _owed.AddRange(entry.Owed);
    }

    /// <summary>Removes rows from their table, which has to hold what is newest of them, and tells whoever has them.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RemoveRowsAsync(PgSession session, StateRowKind kind, IReadOnlyCollection<UInt128> keys)
    {
        if (keys.Count == 0) return 0;
        _rows.AddRange(keys.Select(key => (new RowKey(kind, key), Array.Empty<byte>())));
        return await PgRows.RemoveAsync(session, kind, keys);
    }

    public void Owe(IEnumerable<OutboxItem> items) => _owed.AddRange(items);

    /// <summary>All of a unit of work.</summary>
    /// <exception cref="CommitConflictException">Somebody was faster.</exception>
    public async Task<(PgHead Was, PgHead Head)> CommitAsync(PgSession session, CommitPlan plan, bool endsBlocks)
    {
        var was = await store.TakeAsync(session, PgHead.Lock);
        // What was changed behind the cut of the journal is not known: seldom, and only for who took very long.
        if (plan.Loaded.Number < was.Forgotten || !plan.Rows.TryMerge(store.Journal) || plan.Events.AreIn(store.Seen) || await IsBlockedAsync(session, plan, was))
            throw new CommitConflictException();
        Begin(was);
        foreach (var made in plan.NewBlocks)
        {
            var added = Put(session, BlockList.Block, made.Block, made.Key);
            made.Id = added.Id;
            _audit.Add(BlockAudit.Added(store.Hash, added));
        }

        foreach (var entry in plan.Audit) Audit(entry);
        Owe(plan.Owed);
        if (endsBlocks) await EndBlocksAsync(session, plan.Watermark > was.Watermark ? plan.Watermark : was.Watermark);
        var head = plan.After(was, plan.NewBlocks.Count, _lists.Count > 0, store.Copies.IsStale);
        if (head.Day > was.Day) PgEvents.AddDayLater(session, head.Day);
        plan.Events.WriteLater(session, head.Day, was.Seq);
        _seen = plan.Events.Seen(head.Day, was.Seq);
        _rows.AddRange(plan.Rows.All);
        PgRecords.PutCursorsLater(session, plan.Cursors);
        PgChallenges.SaveLater(session, plan.Challenges, plan.LoginDays);
        return (was, await WriteAsync(session, head));
    }

    /// <summary>The end of a change of records.</summary>
    public Task<PgHead> FinishAsync(PgSession session, PgHead was, AuditEntry? audit)
    {
        if (audit is not null) Audit(audit);
        return WriteAsync(session, was with { Number = was.Number + 1, Epoch = was.Epoch + (BeginsEpoch ? 1 : 0), Lists = _lists.Count > 0 ? was.Number + 1 : was.Lists, LastBlock = _lastBlock, Profiles = was.Profiles - ProfilesRemoved, Reputation = was.Reputation - ReputationRemoved });
    }

    /// <summary>Memory takes what is durable, and who waits for it is told, here and at other replicas.</summary>
    public async Task CompleteAsync(PgHead was, PgHead head)
    {
        store.Journal.Add(head.Number, SeenOf(head), _rows);
        store.Seen.Take(_seen, head.Watermark);
        if (_lists.Count > 0)
        {
            var isApplied = store.Lists.TryApply(was, head, register =>
            {
                foreach (var change in _lists) change(register);
            });
            if (!isApplied) await store.ReadListsAsync();
            _ = store.TellAsync(SharedWatch.ListsChanged);
        }

        store.TellOwed(_owedTo, _dead);
    }

    /// <summary>Writes copies of rows at once, for a change that what stands in memory may not hide for long.</summary>
    public async Task CopyAsync(PgHead head)
    {
        if (_rows.Count == 0) return;
        (RowKey, RowValue)[] copies = [.. _rows.Select(row => (row.Key, new RowValue(head.Number, row.Body)))];
        await store.CopyAsync(head, copies);
        // What counts no longer must not stay there either.
        if (BeginsEpoch) await store.CopyAsync(Was, copies);
    }

    private static int SeenOf(PgHead head) => (int)EventIdWindow.DayOf(head.Watermark);

    /// <summary>Whether another replica has blocked what this unit of work blocks: judged again it finds that block, so that there is one, audited and told once.</summary>
    private static async Task<bool> IsBlockedAsync(PgSession session, CommitPlan plan, PgHead was) =>
        plan.NewBlocks.Count > 0 && was.LastBlock != plan.Loaded.LastBlock && await PgLists.HasNewerAsync(session, BlockList.Block, plan.NewBlocks, plan.Loaded.LastBlock);

    /// <summary>Removes entries whose time is over, and says so in the audit.</summary>
    public async Task<int> EndBlocksAsync(PgSession session, EventTime watermark)
    {
        var ended = 0;
        var now = BlockAudit.EndOf(watermark, store.Time);
        foreach (var (list, block) in store.Lists.Ended(now))
        {
            if (await RemoveAsync(session, list, block.Id) == 0) continue;
            _audit.Add(BlockAudit.Ended(store.Hash, list, block, now));
            ended++;
        }

        return ended;
    }

    private async Task<PgHead> WriteAsync(PgSession session, PgHead head)
    {
        PgJournal.AppendLater(session, head.Number, SeenOf(head), JournalUnit.Write(_encoded, _rows));
        head.WriteLater(session);
        if (_owed.Count > 0) await store.OweAsync(session, _owed, _owedTo, _dead);
        await PgAudit.AppendAsync(session, _audit);
        await session.FlushAsync();
        return head;
    }
}
