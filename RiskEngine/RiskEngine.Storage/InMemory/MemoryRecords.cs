using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>The small records of the in-memory store: audit, keys, feedback, cursors.</summary>
/// <remarks>Thread-safe. Audit and feedback keep the newest <see cref="Capacity"/> entries.</remarks>
internal sealed class MemoryRecords
{
    public const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly MemoryAudit _audit = new(Capacity);
    private Queue<(Feedback Said, UInt128 Subject)> _feedback = [];
    private readonly SortedDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _cursors = [];
    private IReadOnlyList<OperatorAddress> _operators = [];

    public void Audit(AuditEntry entry)
    {
        lock (_gate) _audit.Append(entry);
    }

    public IReadOnlyList<AuditRecord> ReadAudit(long after, int limit)
    {
        lock (_gate) return _audit.Read(after, limit);
    }

    public AuditEnds AuditEnds
    {
        get
        {
            lock (_gate) return new AuditEnds(_audit.Anchor, _audit.Head);
        }
    }

    /// <summary>Notes a word; false where <paramref name="once"/> is set and the same person said something of that event before.</summary>
    public bool PutFeedback(Feedback feedback, UInt128 subject, bool once)
    {
        lock (_gate)
        {
            if (once && _feedback.Any(each => each.Said.EventId == feedback.EventId && each.Said.Tenant == feedback.Tenant && each.Said.Who == feedback.Who)) return false;
            _feedback.Enqueue((feedback, subject));
            if (_feedback.Count > Capacity) _feedback.Dequeue();
            return true;
        }
    }

    /// <summary>Events of which the last word is <c>compromised</c>, said since then.</summary>
    public long CountCompromised(EventTime since)
    {
        lock (_gate) return _feedback.Where(each => each.Said.At >= since).GroupBy(each => (each.Said.Tenant, each.Said.EventId)).Count(words => words.Last().Said.Label == FeedbackLabel.Compromised);
    }

    /// <summary>The last word on each of those events.</summary>
    public IReadOnlyDictionary<string, Feedback> FindFeedback(string tenant, IReadOnlyCollection<string> eventIds)
    {
        var wanted = eventIds.ToHashSet(StringComparer.Ordinal);
        Dictionary<string, Feedback> found = [];
        lock (_gate)
        {
            foreach (var (said, _) in _feedback)
            {
                if (said.Tenant == tenant && wanted.Contains(said.EventId)) found[said.EventId] = said;
            }
        }

        return found;
    }

    /// <summary>Events of a subject that were ever called compromised, and whether they still are.</summary>
    public IReadOnlyList<CompromisedEvent> FindCompromised(string tenant, UInt128 subject)
    {
        lock (_gate)
        {
            var events = _feedback.Where(each => each.Subject == subject && each.Said.Tenant == tenant).Select(each => each.Said).Reverse().GroupBy(said => said.EventId, StringComparer.Ordinal);
            return
            [
                .. events.Where(words => words.Any(said => said.Label == FeedbackLabel.Compromised)).Take(CompromisedEvent.Most)
                    .Select(words => new CompromisedEvent(words.Key, words.First().Label == FeedbackLabel.Compromised)),
            ];
        }
    }

    /// <summary>Removes the words on a subject's events, or only counts them.</summary>
    public long RemoveFeedback(UInt128 subject, bool dryRun)
    {
        lock (_gate)
        {
            var removed = _feedback.Count(feedback => feedback.Subject == subject);
            if (!dryRun && removed > 0) _feedback = new(_feedback.Where(feedback => feedback.Subject != subject));
            return removed;
        }
    }

    /// <summary>Destroys the key of a subject in the audit, or only counts the records under it.</summary>
    public long DestroyKey(UInt128 handle, bool dryRun)
    {
        lock (_gate) return dryRun ? _audit.CountOf(handle) : _audit.DestroyKey(handle);
    }

    public void PutKey(ApiKey key)
    {
        lock (_gate) _keys[key.Name] = key;
    }

    /// <summary>The same unless there is one of its name.</summary>
    public bool TryPutKey(ApiKey key)
    {
        lock (_gate) return _keys.TryAdd(key.Name, key);
    }

    public bool RemoveKey(string name)
    {
        lock (_gate) return _keys.Remove(name);
    }

    public IReadOnlyList<ApiKey> ListKeys()
    {
        lock (_gate) return [.. _keys.Values];
    }

    public IReadOnlyList<OperatorAddress> Operators
    {
        get
        {
            lock (_gate) return _operators;
        }

        set
        {
            lock (_gate) _operators = [.. value];
        }
    }

    public void PutCursors(IReadOnlyDictionary<string, string> cursors)
    {
        lock (_gate)
        {
            foreach (var (source, cursor) in cursors) _cursors[source] = cursor;
        }
    }

    public string? Cursor(string source)
    {
        lock (_gate) return _cursors.GetValueOrDefault(source);
    }
}
