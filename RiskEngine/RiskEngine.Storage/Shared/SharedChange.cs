using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>One transaction on its way: what it writes beside rows and events, and what memory takes of it once it is durable.</summary>
internal sealed class SharedChange(SharedStateStore store)
{
    private readonly List<Action<BlockRegister>> _lists = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly List<OutboxItem> _owed = [];
    private readonly List<(string Responder, string Reason)> _dead = [];
    private readonly HashSet<string> _owedTo = [];
    private long _lastBlock;

    /// <summary>Gets or sets how many rows went, of those that are counted.</summary>
    public int ProfilesRemoved { get; set; }

    public int ReputationRemoved { get; set; }

    /// <summary>Gives out ids from there.</summary>
    public void Begin(PgHead head) => _lastBlock = head.LastBlock;

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

    public void Owe(IEnumerable<OutboxItem> items) => _owed.AddRange(items);

    /// <summary>All of a unit of work.</summary>
    /// <exception cref="CommitConflictException">Somebody was faster.</exception>
    public async Task<(PgHead Was, PgHead Head)> CommitAsync(PgSession session, CommitPlan plan, bool endsBlocks)
    {
        var (was, moved) = await PgRows.LockAsync(session, plan.Rows);
        if (!plan.Rows.TryMerge(moved) || await WasSeenAsync(session, plan, was) || await IsBlockedAsync(session, plan, was)) throw new CommitConflictException(moved);
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
        PgRows.WriteLater(session, plan.Rows, head.Number, head.Watermark);
        PgRecords.PutCursorsLater(session, plan.Cursors);
        PgChallenges.SaveLater(session, plan.Challenges, plan.LoginDays);
        return (was, await WriteAsync(session, head));
    }

    /// <summary>The end of a change of records.</summary>
    public Task<PgHead> FinishAsync(PgSession session, PgHead was, AuditEntry? audit)
    {
        if (audit is not null) Audit(audit);
        return WriteAsync(session, was with { Number = was.Number + 1, Lists = _lists.Count > 0 ? was.Number + 1 : was.Lists, LastBlock = _lastBlock, Profiles = was.Profiles - ProfilesRemoved, Reputation = was.Reputation - ReputationRemoved });
    }

    /// <summary>Memory takes what is durable, and who waits for it is told, here and at other replicas.</summary>
    public async Task CompleteAsync(PgHead was, PgHead head)
    {
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

    private static async Task<bool> WasSeenAsync(PgSession session, CommitPlan plan, PgHead was) =>
        plan.Events.Count > 0 && was.Number != plan.Loaded.Number
        && (await session.QueryAsync(PgEvents.SelectSeen + " LIMIT 1", row => row.GetGuid(0), plan.Events.Keys, PgEvents.Horizon)).Count > 0;

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
        head.WriteLater(session);
        if (_owed.Count > 0) await store.OweAsync(session, _owed, _owedTo, _dead);
        await PgAudit.AppendAsync(session, _audit);
        await session.FlushAsync();
        return head;
    }
}
