using System.Buffers.Binary;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Where the rows of one run lie: which it may hold, and the first row of each of its blocks.</summary>
/// <remarks>
/// The sorted string table of a log-structured merge tree, with a sparse index. What is stored: the number of rows, the filter (16 bits a row or more), and of each
/// block the position of its first row. Immutable; safe for concurrent use.
/// </remarks>
internal sealed class SortedRun
{
    /// <summary>Bits of a place that number the block; a run has at most so many.</summary>
    public const int BlockBits = 24;

    private const int FilterBits = 16, FirstLength = sizeof(byte) + (2 * sizeof(ulong));

    private readonly byte[] _filter;
    private readonly RowPosition[] _firsts;

    public SortedRun(long number, int rows, byte[] filter, RowPosition[] firsts) => (Number, Rows, _filter, _firsts) = (number, rows, filter, firsts);

    /// <summary>Gets its number; a higher one is newer.</summary>
    public long Number { get; }

    /// <summary>Gets how many rows were written to it.</summary>
    public int Rows { get; }

    public int Blocks => _firsts.Length;

    /// <summary>The position of the first row of a block.</summary>
    public RowPosition First(int block) => _firsts[block];

    public static byte[] EmptyFilter(int rows) => new byte[BloomFilter.LengthFor((long)rows * FilterBits)];

    public static void AddTo(byte[] filter, StateRow row) => BloomFilter.Add(filter, HashOf(row.Kind, row.Key));

    public static long PlaceOf(long number, int block) => (number << BlockBits) | (uint)block;

    /// <summary>The place of the block in which a row is, if the run holds it; −1 where it certainly does not.</summary>
    public long Find(StateRowKind kind, UInt128 key)
    {
        if (!BloomFilter.MayContain(_filter, HashOf(kind, key))) return -1;
        var block = BlockOf(RowPosition.Of(kind, key));
        return block < 0 ? -1 : PlaceOf(Number, block);
    }

    /// <summary>The block in which a row of that position is, if any; −1 where it is before all.</summary>
    public int BlockOf(RowPosition position)
    {
        int low = 0, high = _firsts.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_firsts[middle].CompareTo(position) <= 0) low = middle + 1;
            else high = middle - 1;
        }

        return high;
    }

    /// <summary>The same run, of which a block begins elsewhere.</summary>
    /// <param name="first">The block's first row; null where it holds none any more.</param>
    public SortedRun WithFirst(int block, RowPosition? first)
    {
        RowPosition[] firsts = [.. _firsts];
        var before = firsts[block];
        // Nothing is looked for in an empty block: the next one begins at the same row, or, at the end, beyond all.
        var after = first ?? (block + 1 < firsts.Length ? firsts[block + 1] : new RowPosition((StateRowKind)byte.MaxValue, 0, 0));
        for (; block >= 0 && firsts[block] == before; block--) firsts[block] = after;
        return new SortedRun(Number, Rows, _filter, firsts);
    }

    public byte[] ToBytes()
    {
        var to = new ByteBuffer();
        to.Varint((ulong)Rows);
        to.Text(_filter);
        foreach (var (kind, first, second) in _firsts)
        {
            to.Byte((byte)kind);
            to.Number((ulong)first);
            to.Number((ulong)second);
        }

        return to.Written.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no directory of a run.</exception>
    public static SortedRun Read(long number, ReadOnlySpan<byte> directory)
    {
        try
        {
            var from = new ByteReader(directory);
            var rows = (int)from.Varint();
            var filter = from.Text().ToArray();
            var firsts = GC.AllocateUninitializedArray<RowPosition>(from.Length / FirstLength);
            for (var i = 0; i < firsts.Length; i++) firsts[i] = FirstIn(from.Bytes(FirstLength));
            if (from.IsAtEnd && rows >= 0 && filter.Length >= 8 && System.Numerics.BitOperations.IsPow2(filter.Length)) return new SortedRun(number, rows, filter, firsts);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Told below.
        }

        throw new FormatException($"The directory of run {number} is damaged.");
    }

    private static RowPosition FirstIn(ReadOnlySpan<byte> bytes) =>
        new((StateRowKind)bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(byte)..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[(sizeof(byte) + sizeof(ulong))..]));

    /// <summary>Keys of reputation are addresses, few of whose bits differ: multiplied and folded (S. Vigna's and G. Steele's mixing of SplitMix64).</summary>
    private static ulong HashOf(StateRowKind kind, UInt128 key)
    {
        var mixed = (ulong)key + ((ulong)(key >> 64) * 0x9E3779B97F4A7C15UL) + (ulong)kind;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
