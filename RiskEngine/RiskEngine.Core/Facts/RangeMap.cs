using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Addresses to numbers: disjoint, sorted ranges, each from one start to the next. Made by <see cref="RangeMapBuilder"/>.</summary>
/// <remarks>
/// A look-up is one binary search. For IPv4 a table by the first 16 bits narrows it to a few steps; IPv6 searches the upper 64 bits and looks at the
/// lower ones only where those are equal. 5 bytes to 20 bytes a range. Immutable and thread-safe; a look-up allocates nothing.
/// </remarks>
public sealed class RangeMap
{
    private readonly uint[] _starts4;
    private readonly uint[] _values4;
    private readonly int[] _index4 = new int[65_537];
    private readonly ulong[] _high6;
    private readonly ulong[] _low6;
    private readonly uint[] _values6;

    internal RangeMap(ReadOnlySpan<RangeStart<uint>> ranges4, ReadOnlySpan<RangeStart<UInt128>> ranges6)
    {
        _starts4 = new uint[ranges4.Length];
        _values4 = new uint[ranges4.Length];
        for (var i = 0; i < ranges4.Length; i++) (_starts4[i], _values4[i]) = (ranges4[i].Start, ranges4[i].Value);
        for (int bucket = 0, i = 0; bucket <= 65_536; bucket++)
        {
            while (i < _starts4.Length && _starts4[i] >> 16 < bucket) i++;
            _index4[bucket] = i;
        }

        _high6 = new ulong[ranges6.Length];
        _low6 = new ulong[ranges6.Length];
        _values6 = new uint[ranges6.Length];
        for (var i = 0; i < ranges6.Length; i++)
        {
            (_high6[i], _low6[i], _values6[i]) = ((ulong)(ranges6[i].Start >> 64), (ulong)ranges6[i].Start, ranges6[i].Value);
        }
    }

    /// <summary>Gets the map that knows nothing.</summary>
    public static RangeMap Empty { get; } = new([], []);

    /// <summary>Gets the number of ranges that have a value.</summary>
    public int Count => _values4.Count(value => value != 0) + _values6.Count(value => value != 0);

    /// <summary>The value of the range that holds the address; 0 where none does.</summary>
    public uint Find(in IpAddress address) => address.IsIPv4 ? Find4(address.IPv4) : Find6(address.High, address.Low);

    internal IEnumerable<RangeStart<uint>> Ranges4() => _starts4.Select((start, i) => new RangeStart<uint>(start, _values4[i]));

    internal IEnumerable<RangeStart<UInt128>> Ranges6() => _high6.Select((high, i) => new RangeStart<UInt128>(new UInt128(high, _low6[i]), _values6[i]));

    private uint Find4(uint address)
    {
        var bucket = address >> 16;
        int low = _index4[bucket], high = _index4[bucket + 1];

        // First start above the address within the bucket; the range before it, perhaps of an earlier bucket, holds the address.
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_starts4[middle] <= address) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? 0 : _values4[low - 1];
    }

    private uint Find6(ulong addressHigh, ulong addressLow)
    {
        int low = 0, high = _high6.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var start = _high6[middle];
            if (start < addressHigh || (start == addressHigh && _low6[middle] <= addressLow)) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? 0 : _values6[low - 1];
    }
}

/// <summary>Where a range begins and what holds from there on; 0 is nothing.</summary>
internal readonly record struct RangeStart<T>(T Start, uint Value);
