using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage.Rotation;

/// <summary>What the audit's keys, people's words on events and what is owed to responders know a subject by (<see cref="SubjectHandle"/>), and what that is under the new secret.</summary>
/// <remarks>Every handle that stands anywhere is added first; then everybody who may be one of them is seen; then it is told what each becomes. Not thread-safe.</remarks>
internal sealed class SubjectHandles(KeyedHash before, KeyedHash after, RotationCount count)
{
    private readonly Dictionary<UInt128, UInt128?> _handles = [];
    private readonly HashSet<string> _tenants = ["default"];

    /// <summary>Notes a handle that something stands under.</summary>
    public void Add(UInt128 handle) => _handles[handle] = null;

    /// <summary>Notes an id or a name that may be one of them.</summary>
    public void See(string tenant, string subject)
    {
        _tenants.Add(tenant);
        if (_handles.Count == 0 || subject.Length == 0) return;
        var handle = SubjectHandle.Of(before, tenant, subject);
        if (_handles.TryGetValue(handle, out var known) && known is null) _handles[handle] = SubjectHandle.Of(after, tenant, subject);
    }

    /// <summary>Whether it is known whose handle that is.</summary>
    public bool IsKnown(UInt128 handle) => _handles[handle] is not null;

    /// <summary>Tries whom the records name that are encrypted under a key of the audit.</summary>
    public void SeeTargets(byte[] key, IEnumerable<(long Number, byte[] Content)> records)
    {
        foreach (var (number, content) in records)
        {
            if (AuditContent.Open(content, key, number) is not { } plain) continue;
            var target = AuditContent.Read(plain).Target;
            var name = target.StartsWith("subject:", StringComparison.Ordinal) ? target["subject:".Length..]
                : target.StartsWith("pair:", StringComparison.Ordinal) && target.LastIndexOf('@') is > 5 and var at ? target["pair:".Length..at]
                : "";
            foreach (var tenant in _tenants.ToArray()) See(tenant, name);
        }
    }

    /// <summary>Under what a key of the audit stands from now on. One whose subject is not known stays, and is found by nobody.</summary>
    public UInt128 OfAuditKey(UInt128 handle) => Told(RotationReport.AuditKeys, handle) ?? Nobodys(handle);

    /// <summary>The same of a word on an event; null where it stays as from before words had a subject.</summary>
    public UInt128? OfWord(UInt128 handle) => Told(RotationReport.Feedback, handle);

    /// <summary>The same of what is owed; null where it goes, since it could not be erased with its subject.</summary>
    public UInt128? OfOwed(UInt128 handle) => Told(RotationReport.Outbox, handle);

    private UInt128? Told(string table, UInt128 handle)
    {
        if (_handles[handle] is { } known)
        {
            count.Keep(table);
            return known;
        }

        count.Lose(table);
        return null;
    }

    private UInt128 Nobodys(UInt128 handle)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, handle);
        return after.Hash(bytes);
    }
}
