namespace RiskEngine.Storage.Sqlite;

/// <summary>Tells of most values that they are not among those that were added, without looking for them.</summary>
/// <remarks>
/// Four bits for each value (B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 13, 1970): with 16 bits of room for each, one
/// value in 400 is taken for one that may be there. A part of the stored format: bit n is bit n mod 8 of byte n / 8. Lengths are powers of two.
/// </remarks>
internal static class BloomFilter
{
    private const int Hashes = 4;

    /// <summary>The bytes of a filter with at least so many bits.</summary>
    public static int LengthFor(long bits) => (int)(System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(bits, 64, 1L << 33)) >> 3);

    /// <param name="filter">Its length is a power of two.</param>
    /// <param name="hash">The value; its 64 bits are even.</param>
    public static void Add(Span<byte> filter, ulong hash)
    {
        for (var i = 0; i < Hashes; i++)
        {
            var bit = BitOf(filter.Length, hash, i);
            filter[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
        }
    }

    /// <summary>False only where the value was never added.</summary>
    public static bool MayContain(ReadOnlySpan<byte> filter, ulong hash)
    {
        for (var i = 0; i < Hashes; i++)
        {
            var bit = BitOf(filter.Length, hash, i);
            if ((filter[(int)(bit >> 3)] & (1 << (int)(bit & 7))) == 0) return false;
        }

        return true;
    }

    /// <summary>Double hashing (Kirsch and Mitzenmacher, 2006): the halves of the hash make as many bits as needed.</summary>
    private static ulong BitOf(int length, ulong hash, int number) => ((uint)hash + ((ulong)number * ((uint)(hash >> 32) | 1))) & (((ulong)length << 3) - 1);
}
