using System.Collections.Concurrent;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Standing blocks and allow entries, found by what a login carries.</summary>
/// <remarks>
/// One writer (whoever commits), any number of readers, none of which waits. Exact scopes are one look-up each, ranges one for each prefix length
/// in use. A scope without entries costs nothing. Ended entries are skipped on reading and removed by <see cref="RemoveEnded"/>.
/// </remarks>
public sealed class BlockTable
{
    private readonly ConcurrentDictionary<EntryKey, Block> _entries = new();
    private readonly ConcurrentDictionary<long, EntryKey> _byId = new();
    private readonly int[] _counts = new int[Enum.GetValues<BlockScope>().Length];
    private readonly int[] _lengthCounts = new int[129];
    private volatile int[] _lengths = [];
    private volatile int _count;
    private long _version;

    /// <summary>Gets a table that stays empty, for judging without state.</summary>
    public static BlockTable Empty { get; } = new();

    /// <summary>Gets whether there is nothing to find, the common case.</summary>
    public bool IsEmpty => _count == 0;

    public IEnumerable<Block> All => _entries.Select(entry => entry.Value);

    public int Count => _count;

    /// <summary>Gets a number that rises with every change, after it: who reads it before the entries misses none.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Adds an entry, or puts it in the place of the one for the same thing.</summary>
    /// <param name="key">The key of its scope; for a range its network.</param>
    /// <param name="prefixLength">Bits of a range, counted in 128; ignored elsewhere.</param>
    public void Put(Block block, UInt128 key, int prefixLength = 128)
    {
        var entry = new EntryKey(block.Scope, block.Scope == BlockScope.Range ? prefixLength : 128, key);
        if (_entries.TryGetValue(entry, out var before)) _byId.TryRemove(before.Id, out _);
        else CountIn(entry, 1);
        _entries[entry] = block;
        _byId[block.Id] = entry;
        Interlocked.Increment(ref _version);
    }

    /// <summary>Removes the entry with that id.</summary>
    public bool Remove(long id)
    {
        if (!_byId.TryRemove(id, out var entry) || !_entries.TryRemove(entry, out _)) return false;
        CountIn(entry, -1);
        Interlocked.Increment(ref _version);
        return true;
    }

    /// <summary>Removes what has ended and returns it.</summary>
    public IReadOnlyList<Block> RemoveEnded(EventTime now)
    {
        List<Block> ended = [.. All.Where(block => !block.IsActive(now))];
        foreach (var block in ended) Remove(block.Id);
        return ended;
    }

    public void Clear()
    {
        if (IsEmpty) return;
        _entries.Clear();
        _byId.Clear();
        Array.Clear(_counts);
        Array.Clear(_lengthCounts);
        _lengths = [];
        _count = 0;
        Interlocked.Increment(ref _version);
    }

    /// <summary>The entry with that id, whether it still holds or not.</summary>
    public Block? Find(long id) => _byId.TryGetValue(id, out var entry) && _entries.TryGetValue(entry, out var block) ? block : null;

    /// <summary>The entry for exactly that thing, if it holds then.</summary>
    public Block? Find(BlockScope scope, UInt128 key, EventTime at) =>
        Volatile.Read(ref _counts[(int)scope]) > 0 && _entries.TryGetValue(new EntryKey(scope, 128, key), out var block) && block.IsActive(at) ? block : null;

    /// <summary>The entry that <see cref="Put"/> would replace, whether it still holds or not.</summary>
    public Block? Known(BlockScope scope, UInt128 key, int prefixLength) =>
        _entries.GetValueOrDefault(new EntryKey(scope, scope == BlockScope.Range ? prefixLength : 128, key));

    /// <summary>Of the ranges that hold the address then the one that comes first, see <see cref="Block.Precedence"/>, and among equals the longest; null for none.</summary>
    /// <remarks>A range of IPv6 holds no IPv4, although IPv4 is kept as a part of IPv6.</remarks>
    /// <param name="withHints">Whether blocks that a hint caused count.</param>
    public Block? FindRange(in IpAddress address, EventTime at, bool withHints = true)
    {
        var value = KeyOf(address);
        Block? first = null;
        foreach (var length in _lengths)
        {
            if (length < 96 && address.IsIPv4) break;
            if (!_entries.TryGetValue(new EntryKey(BlockScope.Range, length, value & Mask(length)), out var block) || !block.IsActive(at)) continue;
            if ((withHints || !block.IsHint) && (first is null || block.Precedence > first.Precedence)) first = block;
        }

        return first;
    }

    /// <summary>Key of one address: all 128 bits, so that a block of one IPv6 address does not hit its neighbours.</summary>
    public static UInt128 KeyOf(IpAddress address) => new(address.High, address.Low);

    public static UInt128 KeyOf(CountryCode country) => country.Value;

    public static UInt128 KeyOf(uint asn) => asn;

    /// <summary>The bits of a prefix: that many ones, then zeros.</summary>
    public static UInt128 Mask(int prefixLength) => prefixLength <= 0 ? 0 : UInt128.MaxValue << (128 - Math.Min(prefixLength, 128));

    private void CountIn(in EntryKey entry, int change)
    {
        _count += change;
        Volatile.Write(ref _counts[(int)entry.Scope], _counts[(int)entry.Scope] + change);
        if (entry.Scope != BlockScope.Range) return;
        _lengthCounts[entry.PrefixLength] += change;
        _lengths = [.. Enumerable.Range(0, 129).Where(length => _lengthCounts[length] > 0).OrderDescending()];
    }

    private readonly record struct EntryKey(BlockScope Scope, int PrefixLength, UInt128 Key);
}
