using System.Buffers.Binary;
using RiskEngine.Storage.Shared;
using StackExchange.Redis;

namespace RiskEngine.Storage.Redis;

/// <summary>Names of rows in Redis: <c>{N}</c>, then in binary the store with its epoch (8 bytes), the kind (1) and the key (16, big-endian).</summary>
/// <remarks>
/// 28 bytes, which with what Redis adds fill one of its pieces of 32. N, <c>0</c> to <c>o</c>, is the part of the name that a cluster tells servers by (Redis Cluster specification, hash tags): rows of one group lie together, so that one
/// command reads or writes all of a group. Rows of another store, or of an epoch that is over, have other names and are never read. Pure.
/// </remarks>
internal static class RedisKeys
{
    public const int Groups = 64;

    private const int TagLength = 3, StoreLength = 8, Length = TagLength + StoreLength + 1 + 16;

    /// <summary>Odd, so that no two epochs of a store have the same name; those of stores differ as their random ids do.</summary>
    private const ulong EpochStep = 0x9E37_79B9_7F4A_7C15;

    /// <summary>What turns steps back into the number of steps: the inverse of <see cref="EpochStep"/> among numbers of 64 bits.</summary>
    private static readonly ulong StepInverse = Inverse(EpochStep);

    public static int GroupOf(RowKey row) => (int)(((ulong)row.Key ^ (ulong)(row.Key >> 64) ^ (ulong)row.Kind * 0x9E37) % Groups);

    /// <param name="store">8 bytes that only this store has.</param>
    public static RedisKey Of(ulong store, long epoch, RowKey row)
    {
        var bytes = new byte[Length];
        "{0}"u8.CopyTo(bytes);
        bytes[1] += (byte)GroupOf(row);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(TagLength), unchecked(store + ((ulong)epoch * EpochStep)));
        bytes[TagLength + StoreLength] = (byte)row.Kind;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(TagLength + StoreLength + 1), row.Key);
        return bytes;
    }

    /// <summary>Whether it is the name of a row of that store, of an epoch up to one.</summary>
    /// <param name="lastEpoch">0 or more.</param>
    public static bool IsOf(ulong store, long lastEpoch, ReadOnlySpan<byte> name) =>
        name.Length == Length && name[0] == '{' && name[2] == '}' && unchecked((BinaryPrimitives.ReadUInt64BigEndian(name[TagLength..]) - store) * StepInverse) <= (ulong)lastEpoch;

    /// <summary>By Newton's method, which doubles the bits that are right with each step, from five.</summary>
    private static ulong Inverse(ulong odd)
    {
        var inverse = unchecked((3 * odd) ^ 2);
        for (var bits = 5; bits < 64; bits *= 2) inverse = unchecked(inverse * (2 - (odd * inverse)));
        return inverse;
    }
}
