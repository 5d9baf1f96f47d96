using System.Buffers.Binary;
using RiskEngine.Storage.Shared;
using StackExchange.Redis;

namespace RiskEngine.Storage.Redis;

/// <summary>Names of rows in Redis: <c>re:{NN}</c>, then in binary the store and its epoch (16 bytes), the kind (1) and the key (16, big-endian).</summary>
/// <remarks>
/// NN, 00 to 63, is the part of the name that a cluster tells servers by (Redis Cluster specification, hash tags): rows of one group lie together, so that one
/// command reads or writes all of a group. Rows of another store, or of an epoch that is over, have other names and are never read. Pure.
/// </remarks>
internal static class RedisKeys
{
    public const int Groups = 64;

    private const int TagLength = 7, StoreLength = 16;

    public static int GroupOf(RowKey row) => (int)(((ulong)row.Key ^ (ulong)(row.Key >> 64) ^ (ulong)row.Kind * 0x9E37) % Groups);

    /// <param name="store">8 bytes that only this store has.</param>
    public static RedisKey Of(ulong store, long epoch, RowKey row)
    {
        var bytes = new byte[TagLength + StoreLength + 1 + 16];
        var group = GroupOf(row);
        "re:{00}"u8.CopyTo(bytes);
        (bytes[4], bytes[5]) = ((byte)('0' + (group / 10)), (byte)('0' + (group % 10)));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(TagLength), store);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TagLength + 8), epoch);
        bytes[TagLength + StoreLength] = (byte)row.Kind;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(TagLength + StoreLength + 1), row.Key);
        return bytes;
    }
}
