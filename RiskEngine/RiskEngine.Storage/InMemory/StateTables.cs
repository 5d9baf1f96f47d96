using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Everything that judging reads, in memory: the in-memory store's whole state, and the cache of the SQLite store.</summary>
/// <remarks>
/// Thread-safe. The one lock is taken for <see cref="ChunkLength"/> rows at a time: long enough that it costs next to nothing per row, short enough
/// that a single question beside a big commit waits a few microseconds. Each row is read and written whole; a view as a whole is not a snapshot.
/// </remarks>
internal sealed partial class StateTables(TableCaps caps)
{
    /// <summary>Rows that are read or written under one hold of the lock.</summary>
    public const int ChunkLength = 32;

    private readonly CarriedState _carried = new();
    private EventTime _watermark;

    /// <summary>Gets the lock under which the tables below may be used.</summary>
    public Lock Gate { get; } = new();

    public ProfileTable Profiles { get; } = new(caps.Profiles);

    public BoundedTable<ReputationRow> Reputation { get; } = new(caps.Reputation);

    public BoundedTable<PairRow> Pairs { get; } = new(caps.Pairs);

    public NameCells Names { get; } = new();

    public BoundedTable<SkeletonRow> Skeletons { get; } = new(caps.Profiles);

    public EventIdWindow Events { get; } = new();

    /// <summary>Gets or sets the newest event time ever accepted.</summary>
    public EventTime Watermark
    {
        get
        {
            lock (Gate) return _watermark;
        }

        set
        {
            lock (Gate)
            {
                _watermark = value;
                Events.DropBefore(value);
            }
        }
    }

    /// <summary>Keeps what the judge carries.</summary>
    public void Carry(ReadOnlySpan<byte> value)
    {
        lock (Gate) _carried.Load(value);
    }

    /// <summary>Fills the rows that are here; the others stay as they are.</summary>
    public void Load(StateView view)
    {
        LoadProfiles(view.Profiles);
        LoadRows(view.Reputation, Reputation);
        LoadRows(view.Pairs, Pairs);
        LoadRows(view.Skeletons, Skeletons);
        LoadNames(view.Names);
        LoadEvents(view.Events);
        lock (Gate) view.Carried.Load(_carried.Value);
        view.Watermark = Watermark;
    }

    /// <summary>Takes the dirty rows, the accepted events and the watermark.</summary>
    /// <param name="commit">Number of this commit, rising.</param>
    public void Apply(Effects effects, long commit)
    {
        var view = effects.View;
        StoreProfiles(view.Profiles, commit);
        StoreRows(view.Reputation, Reputation, commit);
        StoreRows(view.Pairs, Pairs, commit);
        StoreRows(view.Skeletons, Skeletons, commit);
        StoreNames(view.Names);
        StoreEvents(effects);
        if (view.Carried.IsDirty) Carry(view.Carried.Value);
        if (view.Watermark > Watermark) Watermark = view.Watermark;
    }

    /// <summary>Says that the rows of commits up to that one can be read again, so that they may be given up.</summary>
    public void NoteStored(long commit)
    {
        lock (Gate)
        {
            Profiles.StoredThrough = Reputation.StoredThrough = Pairs.StoredThrough = Skeletons.StoredThrough = commit;
            Version++;
        }
    }

    public IReadOnlyDictionary<string, long> Evictions()
    {
        lock (Gate)
        {
            return new Dictionary<string, long> { ["profiles"] = Profiles.Evictions, ["reputation"] = Reputation.Evictions, ["pairs"] = Pairs.Evictions, ["skeletons"] = Skeletons.Evictions };
        }
    }

    private void LoadProfiles(ProfileSet set)
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            var end = Math.Min(start + ChunkLength, set.Count);
            lock (Gate)
            {
                var places = set.Rows.Places(start, end);
                Profiles.FindSlots(set.Rows.Keys(start, end), places);
                for (var slot = start; slot < end; slot++)
                {
                    if (places[slot - start] < 0) continue;
                    Profiles.Use(places[slot - start]).CopyTo(set.Room(slot));
                    set.Rows.MarkFound(slot);
                }
            }
        }
    }

    private void LoadRows<TRow>(RowSet<TRow> set, BoundedTable<TRow> table)
        where TRow : struct
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            var end = Math.Min(start + ChunkLength, set.Count);
            lock (Gate)
            {
                var places = set.Places(start, end);
                table.FindSlots(set.Keys(start, end), places);
                for (var slot = start; slot < end; slot++)
                {
                    if (places[slot - start] < 0) continue;
                    set.Row(slot) = table.Use(places[slot - start]);
                    set.MarkFound(slot);
                }
            }
        }
    }

    private void LoadNames(RowSet<NameRow> set)
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            lock (Gate)
            {
                for (var slot = start; slot < Math.Min(start + ChunkLength, set.Count); slot++)
                {
                    ref var stored = ref Names.Find(set.Key(slot));
                    if (Unsafe.IsNullRef(ref stored)) continue;
                    set.Row(slot) = stored;
                    set.MarkFound(slot);
                }
            }
        }
    }

    private void LoadEvents(RowSet<Nothing> set)
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            var end = Math.Min(start + ChunkLength, set.Count);
            lock (Gate)
            {
                Events.Approach(set.Keys(start, end));
                for (var slot = start; slot < end; slot++)
                {
                    if (Events.Contains(set.Key(slot))) set.MarkFound(slot);
                }
            }
        }
    }

    private void StoreProfiles(ProfileSet set, long commit)
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            var end = Math.Min(start + ChunkLength, set.Count);
            lock (Gate)
            {
                var places = set.Rows.Places(start, end);
                Profiles.Approach(places);
                for (var slot = start; slot < end; slot++)
                {
                    if (set.Rows.IsDirty(slot)) Profiles.Put(set.Rows.Key(slot), set.Used(slot), commit, places[slot - start]);
                }
            }
        }
    }

    private void StoreRows<TRow>(RowSet<TRow> set, BoundedTable<TRow> table, long commit)
        where TRow : struct
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            var end = Math.Min(start + ChunkLength, set.Count);
            lock (Gate)
            {
                var places = set.Places(start, end);
                table.Approach(places);
                for (var slot = start; slot < end; slot++)
                {
                    if (set.IsDirty(slot)) table.Put(set.Key(slot), commit, places[slot - start]) = set.Row(slot);
                }
            }
        }
    }

    private void StoreNames(RowSet<NameRow> set)
    {
        for (var start = 0; start < set.Count; start += ChunkLength)
        {
            lock (Gate)
            {
                for (var slot = start; slot < Math.Min(start + ChunkLength, set.Count); slot++)
                {
                    if (set.IsDirty(slot)) Names.Put(set.Key(slot), set.Row(slot));
                }
            }
        }
    }

    private void StoreEvents(Effects effects)
    {
        for (var start = 0; start < effects.Count; start += ChunkLength)
        {
            lock (Gate)
            {
                for (var i = start; i < Math.Min(start + ChunkLength, effects.Count); i++)
                {
                    ref readonly var judged = ref effects.Batch[i];
                    if (effects[i].Outcome == EventOutcome.Accepted && !judged.Probe) Events.Add(effects.View.Events.Key(effects.View[i].Event), judged.OccurredAt);
                }
            }
        }
    }
}
