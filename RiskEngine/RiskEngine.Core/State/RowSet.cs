using System.Runtime.CompilerServices;

namespace RiskEngine.Core.State;

/// <summary>The rows of one kind that a batch touches: each key once, its row loaded by the store and changed in place by the judge.</summary>
/// <remarks>Made to be reused: <see cref="Clear"/> keeps the memory. Not thread-safe.</remarks>
/// <typeparam name="TRow">Plain data; the default value is a row never stored.</typeparam>
public sealed class RowSet<TRow>
    where TRow : struct
{
    private UInt128[] _keys = new UInt128[64];
    private TRow[] _rows = new TRow[64];
    private RowFlags[] _flags = new RowFlags[64];
    private int[] _places = new int[64];
    private int[] _index = new int[256];
    private int[] _stamps = new int[256];
    private int _stamp = 1;

    /// <summary>Gets the number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a key and returns its slot; a key that is there already keeps its slot and its row.</summary>
    public int Add(UInt128 key)
    {
        var mask = _index.Length - 1;
        var at = Spread(key) & mask;
        while (_stamps[at] == _stamp)
        {
            if (_keys[_index[at]] == key) return _index[at];
            at = (at + 1) & mask;
        }

        if (Count * 2 >= _index.Length)
        {
            Grow();
            return Add(key);
        }

        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _flags, Count * 2);
            Array.Resize(ref _places, Count * 2);
        }

        (_index[at], _stamps[at]) = (Count, _stamp);
        _keys[Count] = key;
        _rows[Count] = default;
        _flags[Count] = RowFlags.None;
        _places[Count] = -1;
        return Count++;
    }

    public UInt128 Key(int slot) => _keys[slot];

    /// <summary>The keys of the slots from one up to another, which is not among them. Good until the next is added.</summary>
    public ReadOnlySpan<UInt128> Keys(int start, int end) => _keys.AsSpan(start, end - start);

    /// <summary>Where a store found the rows of the same slots, noted at the load so that the commit need not look for them; −1 for nowhere. Nobody else looks into it.</summary>
    public Span<int> Places(int start, int end) => _places.AsSpan(start, end - start);

    public ref TRow Row(int slot) => ref _rows[slot];

    /// <summary>Whether the store had the row.</summary>
    public bool IsFound(int slot) => (_flags[slot] & RowFlags.Found) == RowFlags.Found;

    /// <summary>Whether the judge changed the row.</summary>
    public bool IsDirty(int slot) => (_flags[slot] & RowFlags.Dirty) == RowFlags.Dirty;

    public void MarkFound(int slot) => _flags[slot] |= RowFlags.Found;

    /// <summary>Says that the row was changed and must be stored.</summary>
    public void MarkDirty(int slot) => _flags[slot] |= RowFlags.Dirty;

    public void Clear()
    {
        Count = 0;
        if (++_stamp != int.MaxValue) return;
        Array.Clear(_stamps);
        _stamp = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Spread(UInt128 key)
    {
        var mixed = ((ulong)key ^ (ulong)(key >> 64)) * 0x9E3779B97F4A7C15UL;
        return (int)(mixed >> 33);
    }

    private void Grow()
    {
        _index = new int[_index.Length * 2];
        _stamps = new int[_index.Length];
        _stamp = 1;
        var mask = _index.Length - 1;
        for (var slot = 0; slot < Count; slot++)
        {
            var at = Spread(_keys[slot]) & mask;
            while (_stamps[at] == _stamp) at = (at + 1) & mask;
            (_index[at], _stamps[at]) = (slot, _stamp);
        }
    }

    [Flags]
    private enum RowFlags : byte
    {
        None = 0,
        Found = 1,
        Dirty = 2,
    }
}
