using System.Runtime.InteropServices;

namespace RiskEngine.Storage.Sqlite.EventIndex;

/// <summary>65,536 events by number, and where their index entries lie: a part of the stored format.</summary>
/// <remarks>
/// The entries of one segment and column are spread over <see cref="Buckets"/> rows by their value. A row holds the values, 8 bytes each, little-endian, in order of
/// the events, and then, in the same order, the 16 low bits of each event's number.
/// </remarks>
internal static class EventSegment
{
    public const int Bits = 16, Length = 1 << Bits;

    /// <summary>Rows of a segment and column; a row of about 1.3 KB goes three times into a page.</summary>
    public const int Buckets = 1 << BucketBits;

    /// <summary>Bytes of a segment's filter: 16 bits for each of its events.</summary>
    public const int FilterLength = Length * 16 / 8;

    public const int EntryLength = sizeof(ulong) + sizeof(ushort);

    private const int BucketBits = 9, ColumnBits = 2;

    public static long Of(long seq) => seq >> Bits;

    /// <summary>The bucket of a value. Multiplied first (Knuth, The Art of Computer Programming 3, 6.4), since addresses differ in few of their bits.</summary>
    public static int BucketOf(ulong value) => (int)((value * 0x9E3779B97F4A7C15UL) >> (64 - BucketBits));

    public static long PlaceOf(long segment, EventColumn column, int bucket) => (((segment << ColumnBits) | (long)column) << BucketBits) | (long)bucket;

    public static long SegmentOf(long place) => place >> (BucketBits + ColumnBits);

    public static ReadOnlySpan<ulong> Values(ReadOnlySpan<byte> entries) => MemoryMarshal.Cast<byte, ulong>(entries[..(entries.Length / EntryLength * sizeof(ulong))]);

    public static ReadOnlySpan<ushort> Offsets(ReadOnlySpan<byte> entries) => MemoryMarshal.Cast<byte, ushort>(entries[(entries.Length / EntryLength * sizeof(ulong))..]);
}
