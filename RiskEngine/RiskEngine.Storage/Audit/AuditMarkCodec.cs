using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Audit;

/// <summary>An end of the audit's chain as it is stored beside it: number (8, big-endian), hash (32), and an HMAC-SHA-256 of both under a key of the store.</summary>
/// <remarks>
/// It finds an end that was cut off by whoever does not have that key. Who can write the file can read the key too: against him only a head that was
/// written down elsewhere helps, as the one that is logged every hour.
/// </remarks>
internal static class AuditMarkCodec
{
    public const int KeyLength = 32;

    private const int MarkLength = 8 + AuditRow.HashLength, Length = MarkLength + HMACSHA256.HashSizeInBytes;

    /// <param name="name">Which end it is: one cannot stand for the other.</param>
    public static byte[] Write(string name, AuditMark mark, ReadOnlySpan<byte> key)
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, mark.Number);
        Convert.FromHexString(mark.Hash, bytes.AsSpan(8), out _, out _);
        Mac(name, bytes.AsSpan(0, MarkLength), key).CopyTo(bytes, MarkLength);
        return bytes;
    }

    /// <summary>Null for bytes that were not written with that key and name.</summary>
    public static AuditMark? Read(string name, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key)
    {
        if (bytes.Length != Length || !CryptographicOperations.FixedTimeEquals(Mac(name, bytes[..MarkLength], key), bytes[MarkLength..])) return null;
        return new AuditMark(BinaryPrimitives.ReadInt64BigEndian(bytes), Convert.ToHexStringLower(bytes[8..MarkLength]));
    }

    private static byte[] Mac(string name, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, [.. Encoding.ASCII.GetBytes(name), .. mark]);
}
