using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RiskEngine.Storage.Records;

/// <summary>Words of 32 bits of which only those are written that differ from words known before, with a mask that tells which.</summary>
/// <remarks>
/// Rows of state are mostly zero, and logins of one person mostly like the one before, so a fraction of them is left. A part of the stored format: the mask as
/// a varint, bit n for word n, then the words, little-endian. Allocates nothing.
/// </remarks>
internal static class PackedWords
{
    /// <summary>Words that a mask tells apart at most.</summary>
    public const int Most = 64;

    /// <summary>Bytes that so many words take at most.</summary>
    public static int LengthFor(int words) => ((words + 6) / 7) + (words * sizeof(uint));

    /// <param name="words">At most <see cref="Most"/>.</param>
    /// <param name="before">As many; empty for zeros.</param>
    /// <param name="to">Room for <see cref="LengthFor"/> bytes at least.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<uint> words, ReadOnlySpan<uint> before, Span<byte> to)
    {
        var mask = Differences(words, before);
        var length = 0;
        var rest = mask;
        for (; rest >= 0x80; rest >>= 7) to[length++] = (byte)(rest | 0x80);
        to[length++] = (byte)rest;
        var room = MemoryMarshal.Cast<byte, uint>(to[length..]);
        var written = 0;
        for (; mask != 0; mask &= mask - 1) room[written++] = words[BitOperations.TrailingZeroCount(mask)];
        return length + (written * sizeof(uint));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="words">Holds the words known before.</param>
    /// <returns>False where the mask tells of more words than there are.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bytes end too early.</exception>
    public static bool TryRead(scoped ref ByteReader from, scoped Span<uint> words)
    {
        var mask = from.Varint();
        if (words.Length < Most && mask >> words.Length != 0) return false;
        var stored = MemoryMarshal.Cast<byte, uint>(from.Bytes(BitOperations.PopCount(mask) * sizeof(uint)));
        for (var i = 0; mask != 0; mask &= mask - 1) words[BitOperations.TrailingZeroCount(mask)] = stored[i++];
        return true;
    }

    private static ulong Differences(ReadOnlySpan<uint> words, ReadOnlySpan<uint> before)
    {
        var mask = 0UL;
        var at = 0;
        for (; at + Vector128<uint>.Count <= words.Length; at += Vector128<uint>.Count)
        {
            var known = before.IsEmpty ? Vector128<uint>.Zero : Vector128.Create(before[at..]);
            mask |= (ulong)(~Vector128.Equals(Vector128.Create(words[at..]), known).ExtractMostSignificantBits() & 0xF) << at;
        }

        for (; at < words.Length; at++) mask |= words[at] == (before.IsEmpty ? 0 : before[at]) ? 0 : 1UL << at;
        return mask;
    }
}
