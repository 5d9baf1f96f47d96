namespace RiskEngine.Storage.Sqlite.EventIndex;

/// <summary>Tells of most ids that a segment does not hold them, without looking: a Bloom filter of 16 bits for each of its events.</summary>
/// <remarks>
/// Four bits of a keyed hash, whose 64 bits are even (B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 13, 1970): one id in 400 is
/// taken for one that may be there. A part of the stored format: bit n is bit n mod 8 of byte n / 8.
/// </remarks>
internal static class EventFilter
{
    public const int Length = 1 << (Bits - 3);

    private const int Bits = EventSegment.Bits + 4, Hashes = 4;

    public static void Add(Span<byte> filter, ulong hash)
    {
        for (var i = 0; i < Hashes; i++) filter[ByteOf(hash, i)] |= (byte)(1 << (BitOf(hash, i) & 7));
    }

    public static bool MayContain(ReadOnlySpan<byte> filter, ulong hash)
    {
        for (var i = 0; i < Hashes; i++)
        {
            if ((filter[ByteOf(hash, i)] & (1 << (BitOf(hash, i) & 7))) == 0) return false;
        }

        return true;
    }

    private static int ByteOf(ulong hash, int number) => BitOf(hash, number) >> 3;

    /// <summary>Double hashing (Kirsch and Mitzenmacher, 2006): the halves of the hash make as many bits as needed.</summary>
    private static int BitOf(ulong hash, int number) => (int)(((uint)hash + ((ulong)number * ((uint)(hash >> 32) | 1))) & ((1 << Bits) - 1));
}
