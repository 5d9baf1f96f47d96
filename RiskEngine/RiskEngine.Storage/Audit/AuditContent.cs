using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Storage.Audit;

/// <summary>Target and detail of a record of the audit as bytes: in clear, or encrypted under the key of the subject whom they name.</summary>
/// <remarks>
/// In clear: the target's length in 4 bytes, big-endian, the target, the detail, in UTF-8. Encrypted: AES-256-GCM (NIST SP 800-38D) of that with a random nonce,
/// as nonce (12), ciphertext, tag (16); the record's number is authenticated with it, so that no content can be put into another record. Pure but for the nonce.
/// </remarks>
internal static class AuditContent
{
    public const int KeyLength = 32;

    private const int NonceLength = 12, TagLength = 16;

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    public static byte[] Write(string target, string detail)
    {
        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(target) + Encoding.UTF8.GetByteCount(detail)];
        var length = Encoding.UTF8.GetBytes(target, bytes.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        Encoding.UTF8.GetBytes(detail, bytes.AsSpan(4 + length));
        return bytes;
    }

    /// <summary>Bytes of any other form read as an empty target, so that a damaged record can still be told of.</summary>
    public static (string Target, string Detail) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(bytes) is var length && (length < 0 || length > bytes.Length - 4)) return ("", "");
        return (Encoding.UTF8.GetString(bytes.Slice(4, length)), Encoding.UTF8.GetString(bytes[(4 + length)..]));
    }

    public static byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> key, long number)
    {
        var bytes = new byte[NonceLength + plain.Length + TagLength];
        var nonce = bytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), NumberBytes(number));
        return bytes;
    }

    /// <summary>Null where the key is another one, or the bytes were changed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key, long number)
    {
        if (bytes.Length < NonceLength + TagLength) return null;
        var plain = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(bytes[..NonceLength], bytes.Slice(NonceLength, plain.Length), bytes[^TagLength..], plain, NumberBytes(number));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] NumberBytes(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
