using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;

namespace RiskEngine.Storage.InMemory;

/// <summary>How rows of a subject leave the memory while the disk still has them.</summary>
internal sealed partial class StateTables
{
    /// <summary>Rows of a table that are looked at under one hold of the lock.</summary>
    private const int ErasureChunk = 4096;

    private readonly HashSet<UInt128> _erasing = [];
    private long _version;

    /// <summary>Gets a number that changes whenever a row may have left both its table on the disk and the memory: what was read from the disk before is to be read again.</summary>
    public long Version
    {
        get
        {
            lock (Gate) return _version;
        }

        private set
        {
            lock (Gate) _version = value;
        }
    }

    /// <summary>Whether that row is leaving, and what the disk has of it counts as nothing. The caller holds <see cref="Gate"/>.</summary>
    public bool IsErasing(UInt128 key) => _erasing.Count > 0 && _erasing.Contains(key);

    /// <summary>Takes a subject's rows out of the memory; what the disk has of them is not read until <see cref="EndErasure"/>.</summary>
    /// <param name="hash">Makes keys of pairs.</param>
    /// <param name="rows">Rows known so far; those that are found in memory are added.</param>
    public void BeginErasure(KeyedHash hash, ErasedSubject subject, ErasedRows rows)
    {
        FindRows(hash, subject, rows);
        lock (Gate)
        {
            foreach (var key in subject.Keys) Profiles.Remove(key);
            foreach (var key in rows.Pairs) Pairs.Remove(key);
            foreach (var key in rows.Skeletons) Skeletons.Remove(key);
            _erasing.UnionWith(subject.Keys);
            _erasing.UnionWith(rows.Pairs);
            _erasing.UnionWith(rows.Skeletons);
            _version++;
        }
    }

    /// <summary>The disk has nothing of what was leaving any more, or the erasure failed.</summary>
    public void EndErasure()
    {
        lock (Gate)
        {
            _erasing.Clear();
            _version++;
        }
    }

    public bool HasProfile(UInt128 key)
    {
        lock (Gate) return Profiles.Contains(key);
    }

    /// <summary>Adds the rows of a subject that are in memory; pairs by trying every address that is, looks of names by looking through all.</summary>
    public void FindRows(KeyedHash hash, ErasedSubject subject, ErasedRows rows)
    {
        FindSkeletons(subject, rows.Skeletons);
        FindPairs(hash, subject.Keys, rows.Pairs);
    }

    private void FindSkeletons(ErasedSubject subject, HashSet<UInt128> skeletons)
    {
        for (var start = 0; ; start += ErasureChunk)
        {
            lock (Gate)
            {
                if (start >= Skeletons.Count) return;
                for (var slot = start; slot < Math.Min(start + ErasureChunk, Skeletons.Count); slot++)
                {
                    var key = Skeletons.KeyAt(slot);
                    if (subject.Owns(Skeletons.Find(key))) skeletons.Add(key);
                }
            }
        }
    }

    private void FindPairs(KeyedHash hash, IReadOnlyList<UInt128> subjects, HashSet<UInt128> pairs)
    {
        for (var start = 0; ; start += ErasureChunk)
        {
            lock (Gate)
            {
                if (start >= Reputation.Count) return;
                for (var slot = start; slot < Math.Min(start + ErasureChunk, Reputation.Count); slot++)
                {
                    var key = Reputation.KeyAt(slot);
                    if (StateKeys.KindOf(key) != ReputationKind.Address) continue;
                    foreach (var subject in subjects)
                    {
                        var pair = StateKeys.Pair(hash, subject, StateKeys.ValueOf(key));
                        if (Pairs.Contains(pair)) pairs.Add(pair);
                    }
                }
            }
        }
    }
}
