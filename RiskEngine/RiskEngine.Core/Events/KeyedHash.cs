using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Events;

/// <summary>SipHash-2-4 with 128 bits of output under a secret key: pseudonyms, event ids and keys of tables.</summary>
/// <remarks>
/// A keyed pseudorandom function: without the key nobody can tell which name a hash stands for, nor choose names that collide
/// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012; the 128-bit variant is that of the authors'
/// reference implementation). Immutable and thread-safe.
/// </remarks>
public sealed class KeyedHash
{
    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <param name="key">Exactly 16 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> has another length.</exception>
    public KeyedHash(ReadOnlySpan<byte> key)
    {
        if (key.Length != 16) throw new ArgumentException("The key of a keyed hash has 16 bytes.", nameof(key));
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>Hashes <paramref name="data"/>; <paramref name="tweak"/> separates uses of one key, so that equal texts of different meaning differ.</summary>
    public UInt128 Hash(ReadOnlySpan<byte> data, ulong tweak = 0)
    {
        var v0 = _key0 ^ 0x736f6d6570736575UL;
        var v1 = _key1 ^ 0x646f72616e646f6dUL ^ 0xee;
        var v2 = _key0 ^ 0x6c7967656e657261UL;
        var v3 = _key1 ^ 0x7465646279746573UL;
        if (tweak != 0) Compress(ref v0, ref v1, ref v2, ref v3, tweak);

        var rest = data;
        while (rest.Length >= 8)
        {
            Compress(ref v0, ref v1, ref v2, ref v3, MemoryMarshal.Read<ulong>(rest));
            rest = rest[8..];
        }

        var last = (ulong)data.Length << 56;
        for (var i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        Compress(ref v0, ref v1, ref v2, ref v3, last);

        v2 ^= 0xee;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        var low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        return new UInt128(v0 ^ v1 ^ v2 ^ v3, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compress(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
