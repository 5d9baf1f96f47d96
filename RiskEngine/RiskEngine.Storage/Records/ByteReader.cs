using System.Buffers.Binary;
using System.Text;

namespace RiskEngine.Storage.Records;

/// <summary>Reads what <see cref="ByteBuffer"/> wrote.</summary>
/// <remarks>Reading beyond the end throws <see cref="ArgumentOutOfRangeException"/>: the bytes are not such a record.</remarks>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Gets the bytes that are left.</summary>
    public readonly int Length => _rest.Length;

    public byte Byte() => Bytes(1)[0];

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    public ulong Number() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public ReadOnlySpan<byte> Text() => Bytes((int)Varint());

    /// <summary>The bytes of a part whose length was written before it.</summary>
    public ReadOnlySpan<byte> Part() => Bytes(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));

    public string String() => Encoding.UTF8.GetString(Text());
}
