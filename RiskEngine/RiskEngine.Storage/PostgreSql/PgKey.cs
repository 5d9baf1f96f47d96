using System.Buffers.Binary;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Keys of 128 bits as PostgreSQL's <c>uuid</c>, which takes 16 bytes and sorts as the number does. Pure.</summary>
internal static class PgKey
{
    public static Guid Of(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true);
    }

    public static UInt128 From(Guid stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        stored.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
