using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Addresses to numbers: disjoint, sorted ranges, each from one start to the next. Made by <see cref="RangeMapBuilder"/>.</summary>
/// <remarks>
/// A look-up is a binary search. For IPv4 a table by the first 16 bits narrows it to a few steps; for IPv6, whose first bits differ little, a search of
/// every 32nd start, small enough to stay in the cache, comes first, and the lower 64 bits are looked at only where the upper ones are equal.
/// 8 bytes a range of IPv4, 20 of IPv6. Immutable and thread-safe; a look-up allocates nothing.
/// </remarks>
public sealed class RangeMap
{
    private const int SampleEvery = 32;

    private readonly uint[] _starts4;
    private readonly uint[] _values4;
    private readonly int[] _index4 = new int[65_537];
    private readonly ulong[] _samples6;
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

        _samples6 = new ulong[(ranges6.Length + SampleEvery - 1) / SampleEvery];
        for (var i = 0; i < _samples6.Length; i++) _samples6[i] = _high6[i * SampleEvery];
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
        // The answer lies between the last sample below the address and the first above; equal ones in between differ in their lower bits.
        var below = FirstAtLeast(_samples6, addressHigh);
        var above = addressHigh == ulong.MaxValue ? _samples6.Length : FirstAtLeast(_samples6, addressHigh + 1, below);
        var low = Math.Max(0, below - 1) * SampleEvery;
        var high = Math.Min(above * SampleEvery, _high6.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var start = _high6[middle];
            if (start < addressHigh || (start == addressHigh && _low6[middle] <= addressLow)) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? 0 : _values6[low - 1];
    }

    private static int FirstAtLeast(ulong[] sorted, ulong bound, int from = 0)
    {
        int low = from, high = sorted.Length;
        if (low < high && sorted[low] >= bound) return low;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < bound) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>Where a range begins and what holds from there on; 0 is nothing.</summary>
internal readonly record struct RangeStart<T>(T Start, uint Value);
