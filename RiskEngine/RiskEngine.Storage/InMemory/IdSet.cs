namespace RiskEngine.Storage.InMemory;

/// <summary>A set of 64-bit hashes, eight bytes each plus the room that open addressing needs.</summary>
/// <remarks>In 64 parts that grow one by one, so that no growth takes long. Only adding and asking. Not thread-safe.</remarks>
internal sealed class IdSet
{
    private const int Parts = 64;

    private readonly ulong[]?[] _parts = new ulong[]?[Parts];
    private readonly int[] _counts = new int[Parts];

    public long Count { get; private set; }

    public bool Contains(ulong hash)
    {
        hash = Stored(hash);
        if (_parts[hash >> 58] is not { } part) return false;
        var mask = part.Length - 1;
        for (var at = (int)hash & mask; part[at] != 0; at = (at + 1) & mask)
        {
            if (part[at] == hash) return true;
        }

        return false;
    }

    public void Add(ulong hash)
    {
        hash = Stored(hash);
        var number = (int)(hash >> 58);
        var part = _parts[number] ??= new ulong[16];
        if (_counts[number] * 3 >= part.Length * 2) part = Grow(number);
        if (!Insert(part, hash)) return;
        _counts[number]++;
        Count++;
    }

    /// <summary>Zero means "free", so the hash of zero is kept as one.</summary>
    private static ulong Stored(ulong hash) => hash == 0 ? 1 : hash;

    private ulong[] Grow(int number)
    {
        var grown = new ulong[_parts[number]!.Length * 2];
        foreach (var hash in _parts[number]!)
        {
            if (hash != 0) Insert(grown, hash);
        }

        return _parts[number] = grown;
    }

    private static bool Insert(ulong[] part, ulong hash)
    {
        var mask = part.Length - 1;
        var at = (int)hash & mask;
        for (; part[at] != 0; at = (at + 1) & mask)
        {
            if (part[at] == hash) return false;
        }

        part[at] = hash;
        return true;
    }
}
