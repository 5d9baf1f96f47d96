using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>The outbox of the in-memory store: as that of a file, and gone with the process.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="capacity">Items of a responder that may wait, and dead letters of it that are kept.</param>
/// <param name="time">Says when items come in.</param>
/// <param name="audit">Notes what people do to items.</param>
internal sealed class MemoryOutbox(int capacity, TimeProvider time, Action<AuditEntry> audit) : IOutbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, OutboxItem> _items = [];
    private readonly Dictionary<string, (EventTime Until, UInt128? Subject)> _once = [];
    private readonly OutboxRate _rate = new();
    private long _lastId;
    private long _removals;

    public OutboxSignals Signals { get; } = new();

    public long Removals => Interlocked.Read(ref _removals);

    public void Add(IReadOnlyList<OutboxItem> items)
    {
        if (items.Count == 0) return;
        var (owed, dead) = (new HashSet<string>(), new List<(string Responder, string Reason)>());
        lock (_gate)
        {
            foreach (var item in items) Add(item, EventTime.From(time.GetUtcNow()), owed, dead);
        }

        foreach (var (responder, reason) in dead) Signals.Dead?.Invoke(responder, reason);
        foreach (var responder in owed) Signals.Owed?.Invoke(responder);
    }

    public ValueTask AddAsync(IReadOnlyList<OutboxItem> items, CancellationToken cancellationToken)
    {
        Add(items);
        return ValueTask.CompletedTask;
    }

    public ValueTask<OutboxBatch> TakeAsync(OutboxRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Dictionary<string, bool> isReady = [];
            List<OutboxItem> taken = [];
            EventTime? next = null;
            foreach (var item in _items.Values.Where(item => !item.IsDead && item.Responder == request.Responder && !request.Except.Contains(item.OrderKey)))
            {
                if (isReady.TryAdd(item.OrderKey, item.DueAt <= request.Now) && item.DueAt > request.Now && (next is null || item.DueAt < next)) next = item.DueAt;
                if (isReady[item.OrderKey] && taken.Count < request.Limit) taken.Add(item);
            }

            return ValueTask.FromResult(new OutboxBatch(taken, taken.Count > 0 ? null : next));
        }
    }

    public ValueTask CompleteAsync(long id, CancellationToken cancellationToken)
    {
        lock (_gate) _items.Remove(id);
        return ValueTask.CompletedTask;
    }

    public ValueTask PostponeAsync(long id, EventTime due, string failure, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_items.TryGetValue(id, out var item)) _items[id] = item with { DueAt = due, Attempts = item.Attempts + 1, LastFailure = failure };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask KillAsync(long id, string reason, string failure, CancellationToken cancellationToken)
    {
        OutboxItem? item;
        lock (_gate)
        {
            if (_items.TryGetValue(id, out item) && !item.IsDead) Bury(item with { IsDead = true, Attempts = item.Attempts + 1, LastFailure = failure });
            else item = null;
        }

        if (item is not null) Signals.Dead?.Invoke(item.Responder, reason);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<OutboxDepth>> DepthsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<OutboxDepth>>(
            [
                .. _items.Values.GroupBy(item => item.Responder).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new OutboxDepth(
                    group.Key, group.Count(item => !item.IsDead), group.Count(item => item.IsDead),
                    group.Where(item => !item.IsDead).Select(item => (EventTime?)item.CreatedAt).Min())),
            ]);
        }
    }

    public ValueTask<IReadOnlyList<OutboxItem>> ListAsync(OutboxQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<OutboxItem>>(
            [
                .. _items.Values.Where(item => item.Id > query.After && (query.Responder is null || item.Responder == query.Responder) && (query.IsDead is null || item.IsDead == query.IsDead))
                    .Take(query.Limit),
            ]);
        }
    }

    public ValueTask<bool> ReviveAsync(long id, AuditEntry entry, CancellationToken cancellationToken)
    {
        OutboxItem? item;
        lock (_gate)
        {
            if (!_items.TryGetValue(id, out item)) return ValueTask.FromResult(false);
            var now = EventTime.From(time.GetUtcNow());
            _items[id] = item with { IsDead = false, Attempts = 0, CreatedAt = now, DueAt = now };
            _removals++;
        }

        audit(entry);
        Signals.Owed?.Invoke(item.Responder);
        return ValueTask.FromResult(true);
    }

    public ValueTask<bool> DropAsync(long id, AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_items.Remove(id)) return ValueTask.FromResult(false);
            _removals++;
        }

        audit(entry);
        return ValueTask.FromResult(true);
    }

    /// <summary>Removes what tells of a subject, or only counts it.</summary>
    public long Erase(UInt128 subject, bool dryRun)
    {
        lock (_gate)
        {
            var found = _items.Values.Where(item => item.Subject == subject).Select(item => item.Id).ToList();
            if (dryRun) return found.Count;
            foreach (var id in found) _items.Remove(id);
            foreach (var key in _once.Where(known => known.Value.Subject == subject).Select(known => known.Key).ToList()) _once.Remove(key);
            _removals++;
            return found.Count;
        }
    }

    /// <summary>Removes what has been here too long, and forgets what is over.</summary>
    public void Tidy()
    {
        lock (_gate)
        {
            var now = EventTime.From(time.GetUtcNow());
            foreach (var id in _items.Values.Where(item => item.CreatedAt < now - IOutbox.LongestAge).Select(item => item.Id).ToList()) _items.Remove(id);
            foreach (var key in _once.Where(known => known.Value.Until <= now).Select(known => known.Key).ToList()) _once.Remove(key);
        }
    }

    private void Add(OutboxItem item, EventTime now, HashSet<string> owed, List<(string Responder, string Reason)> dead)
    {
        if (item.OnceFor > TimeSpan.Zero && !IsFirst(item, now)) return;
        if (item.IsLatestWish)
        {
            foreach (var id in Waiting(item.Responder).Where(known => known.OrderKey == item.OrderKey && known.Kind == item.Kind).Select(known => known.Id).ToList()) _items.Remove(id);
        }

        var reason = Waiting(item.Responder).Count() >= capacity ? IOutbox.Full : _rate.IsOver(item, now) ? IOutbox.RateLimited : null;
        var added = item with { Id = ++_lastId, CreatedAt = now, DueAt = now, Attempts = 0, LastFailure = reason ?? "", IsDead = reason is not null, MostPerHour = 0 };
        if (reason is null) _items[added.Id] = added;
        else Bury(added);
        if (reason is null) owed.Add(item.Responder);
        else dead.Add((item.Responder, reason));
    }

    private bool IsFirst(OutboxItem item, EventTime now)
    {
        var key = $"{item.Responder}\0{item.IdempotencyKey}";
        if (_once.TryGetValue(key, out var known) && known.Until > now) return false;
        if (_once.Count >= capacity) _once.Remove(_once.MinBy(entry => entry.Value.Until).Key);
        _once[key] = (now + item.OnceFor, item.Subject);
        return true;
    }

    private void Bury(OutboxItem dead)
    {
        _items[dead.Id] = dead;
        var letters = _items.Values.Where(item => item.IsDead && item.Responder == dead.Responder).Select(item => item.Id).ToList();
        if (letters.Count > capacity) _items.Remove(letters[0]);
    }

    private IEnumerable<OutboxItem> Waiting(string responder) => _items.Values.Where(item => !item.IsDead && item.Responder == responder);
}
