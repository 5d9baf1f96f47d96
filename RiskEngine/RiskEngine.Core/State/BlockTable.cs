using System.Collections.Concurrent;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Standing blocks and allow entries, found by what a login carries.</summary>
/// <remarks>
/// One writer (whoever commits), any number of readers, none of which waits. Exact scopes are one look-up each; ranges are kept in a short
/// list per prefix length, longest first. Ended entries are skipped on reading and removed by <see cref="RemoveEnded"/>.
/// </remarks>
public sealed class BlockTable
{
    private readonly ConcurrentDictionary<(BlockScope Scope, UInt128 Key), Block> _exact = new();
    private volatile RangeEntry[] _ranges = [];
    private int _scopes;

    /// <summary>Gets a table that stays empty, for judging without state.</summary>
    public static BlockTable Empty { get; } = new();

    /// <summary>Gets whether there is nothing to find, the common case.</summary>
    public bool IsEmpty => _scopes == 0;

    public IEnumerable<Block> All => _exact.Values.Concat(_ranges.Select(range => range.Block));

    public int Count => _exact.Count + _ranges.Length;

    /// <summary>Adds an entry, or puts it in the place of the one for the same thing.</summary>
    /// <param name="key">The key of its scope, see <see cref="KeyOf(IpAddress)"/> and the others; for a range its network.</param>
    /// <param name="prefixLength">Bits of a range, counted in 128; ignored elsewhere.</param>
    public void Put(Block block, UInt128 key, int prefixLength = 128)
    {
        if (block.Scope == BlockScope.Range)
        {
            _ranges = [.. _ranges.Where(range => range.Network != key || range.PrefixLength != prefixLength)
                .Append(new RangeEntry(key, prefixLength, block)).OrderByDescending(range => range.PrefixLength)];
        }
        else
        {
            _exact[(block.Scope, key)] = block;
        }

        NoteScopes();
    }

    /// <summary>Removes the entry with that id.</summary>
    public bool Remove(long id)
    {
        var removed = false;
        foreach (var (key, block) in _exact)
        {
            if (block.Id == id) removed |= _exact.TryRemove(key, out _);
        }

        var ranges = _ranges;
        _ranges = [.. ranges.Where(range => range.Block.Id != id)];
        removed |= _ranges.Length != ranges.Length;
        NoteScopes();
        return removed;
    }

    /// <summary>Removes what has ended and returns it.</summary>
    public IReadOnlyList<Block> RemoveEnded(EventTime now)
    {
        List<Block> ended = [.. All.Where(block => !block.IsActive(now))];
        foreach (var block in ended) Remove(block.Id);
        return ended;
    }

    /// <summary>The entry for exactly that thing, if it holds then.</summary>
    public Block? Find(BlockScope scope, UInt128 key, EventTime at) =>
        (_scopes & (1 << (int)scope)) != 0 && _exact.TryGetValue((scope, key), out var block) && block.IsActive(at) ? block : null;

    /// <summary>The longest range that holds the address, if any holds then.</summary>
    public Block? FindRange(in IpAddress address, EventTime at)
    {
        var value = KeyOf(address);
        foreach (var range in _ranges)
        {
            if ((value & Mask(range.PrefixLength)) == range.Network && range.Block.IsActive(at)) return range.Block;
        }

        return null;
    }

    /// <summary>Key of one address: all 128 bits, so that a block of one IPv6 address does not hit its neighbours.</summary>
    public static UInt128 KeyOf(IpAddress address) => new(address.High, address.Low);

    public static UInt128 KeyOf(CountryCode country) => country.Value;

    public static UInt128 KeyOf(uint asn) => asn;

    public static UInt128 Mask(int prefixLength) => prefixLength <= 0 ? 0 : UInt128.MaxValue << (128 - Math.Min(prefixLength, 128));

    private void NoteScopes()
    {
        var scopes = _ranges.Length > 0 ? 1 << (int)BlockScope.Range : 0;
        foreach (var (key, _) in _exact)
        {
            scopes |= 1 << (int)key.Scope;
            if (scopes == 0x7F) break;
        }

        _scopes = scopes;
    }

    private sealed record RangeEntry(UInt128 Network, int PrefixLength, Block Block);
}
