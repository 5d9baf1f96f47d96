using System.Runtime.CompilerServices;

namespace RiskEngine.Storage.InMemory;

/// <summary>Profiles by subject, each in a block of about its size; bounded like <see cref="BoundedTable{TRow}"/>.</summary>
/// <remarks>Not thread-safe: the owner locks.</remarks>
internal sealed class ProfileTable
{
    private readonly BlobSlabs _slabs = new();
    private readonly BoundedTable<BlobAddress> _addresses;

    /// <param name="capacity">Profiles at most, more than 0.</param>
    public ProfileTable(int capacity) => _addresses = new BoundedTable<BlobAddress>(capacity, _slabs.Free);

    public int Count => _addresses.Count;

    public long Evictions => _addresses.Evictions;

    /// <inheritdoc cref="BoundedTable{TRow}.StoredThrough"/>
    public long StoredThrough
    {
        get => _addresses.StoredThrough;
        set => _addresses.StoredThrough = value;
    }

    public bool Contains(UInt128 key) => _addresses.Contains(key);

    /// <inheritdoc cref="BoundedTable{TRow}.FindSlots"/>
    public void FindSlots(ReadOnlySpan<UInt128> keys, Span<int> slots)
    {
        _addresses.FindSlots(keys, slots);
        Approach(slots[..keys.Length]);
    }

    /// <inheritdoc cref="BoundedTable{TRow}.Approach"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Approach(ReadOnlySpan<int> slots)
    {
        var sum = _addresses.Approach(slots);
        foreach (var slot in slots) sum += (uint)slot < (uint)Count ? _slabs.Approach(_addresses.RowAt(slot)) : 0u;
        return sum;
    }

    /// <summary>The bytes of the profile in a slot. Good until the next change.</summary>
    public ReadOnlySpan<byte> Use(int slot) => _slabs.Bytes(_addresses.Use(slot));

    /// <summary>The stored bytes, empty where there are none. Good until the next change.</summary>
    public ReadOnlySpan<byte> Find(UInt128 key)
    {
        ref var address = ref _addresses.Find(key);
        return Unsafe.IsNullRef(ref address) ? [] : _slabs.Bytes(address);
    }

    /// <summary>Keeps a copy of the used bytes of a profile.</summary>
    /// <param name="commit">See <see cref="BoundedTable{TRow}.Put"/>.</param>
    /// <param name="slot">See there.</param>
    public void Put(UInt128 key, ReadOnlySpan<byte> used, long commit, int slot = -1)
    {
        // The address of a row just added is the default one, whose length no profile has.
        ref var address = ref _addresses.Put(key, commit, slot);
        if (address.Length == 0)
        {
            address = _slabs.Take(used.Length);
        }
        else if (!_slabs.Fits(address, used.Length))
        {
            _slabs.Free(address);
            address = _slabs.Take(used.Length);
        }

        address = address with { Length = used.Length };
        used.CopyTo(_slabs.Bytes(address));
    }

    /// <summary>Forgets a profile and overwrites it; false where there is none.</summary>
    public bool Remove(UInt128 key)
    {
        ref var address = ref _addresses.Find(key);
        if (Unsafe.IsNullRef(ref address)) return false;
        _slabs.Bytes(address).Clear();
        return _addresses.Remove(key);
    }

    public void Clear()
    {
        _addresses.Clear();
        _slabs.Clear();
    }
}
