using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace RiskEngine.Storage.InMemory;

/// <summary>Finds the slot of a key: open addressing over numbers, in many small parts that grow one by one.</summary>
/// <remarks>
/// Holds 32 bits of each key's hash beside the slot; the owner compares the whole key. Parts keep growth short: rehashing a million keys is
/// 256 pauses of microseconds, not one of milliseconds. Linear probing; removal moves later entries back, so there are no tombstones. The hash
/// is salted per process, so that nobody chooses addresses that collide. Not thread-safe.
/// </remarks>
internal sealed class SlotIndex
{
    private const int Parts = 256;
    private static readonly ulong Salt = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private readonly ulong[][] _parts = new ulong[Parts][];
    private readonly int[] _counts = new int[Parts];

    public SlotIndex() => Clear();

    public static ulong HashOf(ulong high, ulong low)
    {
        var mixed = (low ^ Salt) * 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 32) ^ high) * 0xFF51AFD7ED558CCDUL;
        mixed = (mixed ^ (mixed >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return mixed ^ (mixed >> 29);
    }

    /// <summary>Starts a search: <see cref="Search.Next"/> then gives each slot that may hold the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Search Find(ulong hash)
    {
        var part = _parts[hash >> 56];
        return new Search(part, (uint)hash, (int)hash & (part.Length - 1));
    }

    /// <summary>Brings the places near at which searches for those hashes begin; the number says nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Approach(ReadOnlySpan<ulong> hashes)
    {
        var sum = 0UL;
        foreach (var hash in hashes)
        {
            var part = _parts[hash >> 56];
            sum += part[(int)hash & (part.Length - 1)];
        }

        return sum;
    }

    /// <summary>Adds a slot under a hash; the caller has made sure that its key is not there.</summary>
    public void Add(ulong hash, int slot)
    {
        var number = (int)(hash >> 56);
        if (_counts[number] * 4 >= _parts[number].Length * 3) Grow(number);
        Insert(_parts[number], ((hash & uint.MaxValue) << 32) | (uint)(slot + 1));
        _counts[number]++;
    }

    public void Remove(ulong hash, int slot)
    {
        var number = (int)(hash >> 56);
        var part = _parts[number];
        var mask = part.Length - 1;
        var at = (int)hash & mask;
        while ((uint)part[at] != (uint)(slot + 1)) at = (at + 1) & mask;
        for (var next = (at + 1) & mask; part[next] != 0; next = (next + 1) & mask)
        {
            var home = (int)(part[next] >> 32) & mask;
            if (((next - home) & mask) < ((next - at) & mask)) continue;
            part[at] = part[next];
            at = next;
        }

        part[at] = 0;
        _counts[number]--;
    }

    public void Clear()
    {
        for (var i = 0; i < Parts; i++) _parts[i] = new ulong[16];
        Array.Clear(_counts);
    }

    private void Grow(int number)
    {
        var grown = new ulong[_parts[number].Length * 2];
        foreach (var entry in _parts[number])
        {
            if (entry != 0) Insert(grown, entry);
        }

        _parts[number] = grown;
    }

    private static void Insert(ulong[] part, ulong entry)
    {
        var mask = part.Length - 1;
        var at = (int)(entry >> 32) & mask;
        while (part[at] != 0) at = (at + 1) & mask;
        part[at] = entry;
    }

    /// <summary>A search under way.</summary>
    public ref struct Search(ulong[] part, uint tag, int at)
    {
        private int _at = at;

        /// <summary>The next slot whose key may be the one sought; −1 when there is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            while (true)
            {
                var entry = part[_at];
                if (entry == 0) return -1;
                _at = (_at + 1) & (part.Length - 1);
                if ((uint)(entry >> 32) == tag) return (int)(uint)entry - 1;
            }
        }
    }
}
