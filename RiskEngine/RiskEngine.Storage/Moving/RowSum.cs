using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Storage.Moving;

/// <summary>How many rows, and the sum of their hashes: the same for the same rows in any order.</summary>
/// <remarks>128 bits of SHA-256 a row, added modulo 2^128: a row that is missing, doubled or changed changes the sum.</remarks>
internal sealed class RowSum
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Count { get; private set; }

    public UInt128 Sum { get; private set; }

    public void Add(object?[] row)
    {
        foreach (var value in row) Append(value);
        Count++;
        Sum = unchecked(Sum + BinaryPrimitives.ReadUInt128LittleEndian(_hash.GetHashAndReset()));
    }

    /// <summary>Each value with its length before it, so that no two rows of values read alike.</summary>
    private void Append(object? value)
    {
        ReadOnlySpan<byte> bytes = value switch
        {
            null => [],
            byte[] blob => blob,
            string text => Encoding.UTF8.GetBytes(text),
            Guid key => key.ToByteArray(bigEndian: true),
            bool flag => [flag ? (byte)1 : (byte)0],
            _ => BitConverter.GetBytes(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        };
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value is null ? -1 : bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
