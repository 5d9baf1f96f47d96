using System.Runtime.CompilerServices;

namespace RiskEngine.Storage.InMemory;

/// <summary>Rows by key, at most a given number of them: a full table gives up a row that was not asked for lately.</summary>
/// <remarks>
/// <para>
/// Second chance (CLOCK): a hand goes round the slots; a row that was read since the hand last passed is spared once. New rows start out unread,
/// so that a flood of keys seen once pushes out itself and not what is in use.
/// </para>
/// <para>
/// A row changed by a commit whose rows are not in their table yet (<see cref="StoredThrough"/>) is never given up, because what stands there is older.
/// Should the hand meet nothing else, the table grows beyond its cap by that row and comes back to it later.
/// </para>
/// <para>
/// Rows lie in few big pages: of many small ones each would be another place far away in memory, where its length is looked up before a row is. The first one
/// grows with the rows, the others have their full size; from then on growth copies nothing. Steady state allocates nothing. Not thread-safe: the owner locks.
/// </para>
/// </remarks>
/// <typeparam name="TRow">Plain data.</typeparam>
internal sealed class BoundedTable<TRow>
    where TRow : struct
{
    /// <summary>Keys that <see cref="FindSlots"/> takes at a time.</summary>
    public const int MostKeys = 32;

    private const int PageBits = 16, PageSize = 1 << PageBits, FirstSize = 1 << 10, LongestWalk = 64;

    private readonly int _capacity;
    private readonly Action<TRow>? _evicted;
    private readonly SlotIndex _index = new();
    private Entry[][] _pages = [];
    private int _hand;

    /// <param name="capacity">Rows at most, more than 0.</param>
    /// <param name="evicted">Told of each row given up or cleared away; null for nobody.</param>
    public BoundedTable(int capacity, Action<TRow>? evicted = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_capacity, _evicted) = (capacity, evicted);
    }

    public int Count { get; private set; }

    /// <summary>Gets the rows given up since the start.</summary>
    public long Evictions { get; private set; }

    /// <summary>Gets or sets the newest commit whose rows can be read again. Rows of later ones stay.</summary>
    public long StoredThrough { get; set; } = long.MaxValue;

    /// <summary>Reads a row, or a null reference where there is none. Good until the next change; notes that the row is in use.</summary>
    public ref TRow Find(UInt128 key)
    {
        var slot = SlotOf(key);
        if (slot < 0) return ref Unsafe.NullRef<TRow>();
        return ref Use(slot);
    }

    /// <summary>The slot of a row, −1 where there is none. Good until the next change.</summary>
    public int SlotOf(UInt128 key) => SlotOf((ulong)(key >> 64), (ulong)key, out _);

    /// <summary>The slots of many rows, −1 where there is none. Good until the next change.</summary>
    /// <remarks>
    /// What lies far away in memory is read for all keys, the places in the index first and then the rows, before anything depends on it: so the processor waits
    /// for many of them at a time, where look-ups one after the other wait for each.
    /// </remarks>
    /// <param name="keys">Up to <see cref="MostKeys"/>.</param>
    /// <param name="slots">Takes as many slots.</param>
    public void FindSlots(ReadOnlySpan<UInt128> keys, Span<int> slots)
    {
        Span<ulong> hashes = stackalloc ulong[MostKeys];
        for (var i = 0; i < keys.Length; i++) hashes[i] = SlotIndex.HashOf((ulong)(keys[i] >> 64), (ulong)keys[i]);
        _index.Approach(hashes[..keys.Length]);
        for (var i = 0; i < keys.Length; i++) slots[i] = _index.Find(hashes[i]).Next();
        Approach(slots[..keys.Length]);
        for (var i = 0; i < keys.Length; i++)
        {
            // Another key with the same bits in the index is rare.
            if (slots[i] >= 0 && KeyAt(slots[i]) != keys[i]) slots[i] = SlotOf(keys[i]);
        }
    }

    /// <summary>Brings rows near that are about to be read or changed; slots that are none any more are passed over. The number says nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Approach(ReadOnlySpan<int> slots)
    {
        var sum = 0UL;
        foreach (var slot in slots)
        {
            if ((uint)slot >= (uint)Count) continue;
            ref var entry = ref At(slot);
            // The last byte too: a row reaches over several lines of the processor's cache, and the one between comes with its neighbour.
            sum += entry.Low + Unsafe.AddByteOffset(ref Unsafe.As<Entry, byte>(ref entry), Unsafe.SizeOf<Entry>() - 1);
        }

        return sum;
    }

    /// <summary>Reads the row in a slot and notes that it is in use. Good until the next change.</summary>
    public ref TRow Use(int slot)
    {
        ref var entry = ref At(slot);
        entry.Commit |= Entry.InUse;
        return ref entry.Row;
    }

    /// <summary>Reads the row in a slot; that it is in use is not noted.</summary>
    public TRow RowAt(int slot) => At(slot).Row;

    public bool Contains(UInt128 key) => SlotOf(key) >= 0;

    /// <summary>Gives the row of that key for writing, adding it where it is new.</summary>
    /// <param name="commit">Number of the commit that changes it; 0 for a row that is as on the disk.</param>
    /// <param name="slot">Where it was found before; if it is there no more, or never was, it is looked for.</param>
    public ref TRow Put(UInt128 key, long commit, int slot = -1)
    {
        ulong high = (ulong)(key >> 64), low = (ulong)key;
        var hash = 0UL;
        if ((uint)slot >= (uint)Count || At(slot).Low != low || At(slot).High != high) slot = SlotOf(high, low, out hash);
        if (slot >= 0)
        {
            ref var known = ref At(slot);
            known.Commit = (commit << 1) | Entry.InUse;
            return ref known.Row;
        }

        slot = FreeSlot();
        ref var entry = ref At(slot);
        entry = new Entry { High = high, Low = low, Commit = commit << 1 };
        _index.Add(hash, slot);
        return ref entry.Row;
    }

    /// <summary>Forgets a row; the last one takes its slot. False where there is none.</summary>
    public bool Remove(UInt128 key)
    {
        var slot = SlotOf((ulong)(key >> 64), (ulong)key, out var hash);
        if (slot < 0) return false;
        ref var entry = ref At(slot);
        _index.Remove(hash, slot);
        _evicted?.Invoke(entry.Row);
        ref var last = ref At(--Count);
        if (slot < Count)
        {
            var moved = SlotIndex.HashOf(last.High, last.Low);
            _index.Remove(moved, Count);
            _index.Add(moved, slot);
            entry = last;
        }

        last = default;
        return true;
    }

    /// <summary>The key of a row by its slot, 0 to <see cref="Count"/>, for going through all. Slots change with the rows.</summary>
    public UInt128 KeyAt(int slot) => new(At(slot).High, At(slot).Low);

    /// <summary>Forgets all rows; none of them counts as given up.</summary>
    public void Clear()
    {
        for (var slot = 0; slot < Count && _evicted is not null; slot++) _evicted(At(slot).Row);
        _index.Clear();
        _pages = [];
        (Count, _hand) = (0, 0);
    }

    private int SlotOf(ulong high, ulong low, out ulong hash)
    {
        hash = SlotIndex.HashOf(high, low);
        var search = _index.Find(hash);
        int slot;
        while ((slot = search.Next()) >= 0)
        {
            ref var entry = ref At(slot);
            if (entry.Low == low && entry.High == high) break;
        }

        return slot;
    }

    private int FreeSlot()
    {
        if (Count >= _capacity && Evict() is >= 0 and var freed) return freed;
        Grow();
        return Count++;
    }

    private void Grow()
    {
        if (_pages.Length == 0) _pages = [new Entry[FirstSize]];
        else if (Count == _pages[0].Length && Count < PageSize) Array.Resize(ref _pages[0], Count * 2);
        else if (Count == _pages.Length * PageSize) _pages = [.. _pages, new Entry[PageSize]];
    }

    private int Evict()
    {
        var spared = -1;
        for (var step = 0; step < LongestWalk; step++)
        {
            if (++_hand >= Count) _hand = 0;
            ref var entry = ref At(_hand);
            if ((entry.Commit >> 1) > StoredThrough) continue;
            spared = _hand;
            if ((entry.Commit & Entry.InUse) == 0) break;
            entry.Commit &= ~Entry.InUse;
        }

        if (spared < 0) return -1;
        ref var victim = ref At(spared);
        _index.Remove(SlotIndex.HashOf(victim.High, victim.Low), spared);
        _evicted?.Invoke(victim.Row);
        Evictions++;
        return spared;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry At(int slot) => ref _pages[slot >> PageBits][slot & (PageSize - 1)];

    private struct Entry
    {
        public const long InUse = 1;

        public ulong High;
        public ulong Low;

        /// <summary>Number of the commit that last changed the row, times two, plus one where the row was read lately.</summary>
        public long Commit;
        public TRow Row;
    }
}
