using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.InMemory;

/// <summary>The audit of the in-memory store: the same chain as in a file. Of the records the newest stay; the anchor says where they begin.</summary>
/// <remarks>Not thread-safe: the owner locks.</remarks>
/// <param name="capacity">Records at most.</param>
internal sealed class MemoryAudit(int capacity)
{
    private readonly Queue<AuditRow> _rows = [];
    private readonly Dictionary<UInt128, (long Id, byte[] Key)> _keys = [];
    private readonly Dictionary<long, byte[]> _keysById = [];
    private long _lastKey;

    public AuditMark Anchor { get; private set; } = AuditMark.Start;

    public AuditMark Head { get; private set; } = AuditMark.Start;

    public void Append(AuditEntry entry)
    {
        var row = AuditRow.Append(Head, entry, entry.Subject is { } subject ? KeyOf(subject) : null);
        Head = row.Mark;
        _rows.Enqueue(row);
        if (_rows.Count > capacity) Anchor = _rows.Dequeue().Mark;
    }

    public IReadOnlyList<AuditRecord> Read(long after, int limit) =>
        [.. _rows.Where(row => row.Number > after).Take(limit).Select(row => row.ToRecord(_keysById.GetValueOrDefault(row.KeyId)))];

    /// <summary>Records whose content is encrypted under the key of a subject.</summary>
    public long CountOf(UInt128 handle) => _keys.TryGetValue(handle, out var key) ? _rows.Count(row => row.KeyId == key.Id) : 0;

    /// <summary>Destroys the key of a subject and returns how many records nobody can read any more.</summary>
    public long DestroyKey(UInt128 handle)
    {
        var records = CountOf(handle);
        if (!_keys.Remove(handle, out var known)) return 0;
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(known.Key);
        _keysById.Remove(known.Id);
        return records;
    }

    private (long Id, byte[] Key) KeyOf(UInt128 subject)
    {
        if (_keys.TryGetValue(subject, out var known)) return known;
        var made = (++_lastKey, AuditContent.NewKey());
        _keys[subject] = made;
        _keysById[made.Item1] = made.Item2;
        return made;
    }
}
