using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RiskEngine.Storage.Records;

/// <summary>A growing buffer to write compact records to. Made to be reused. Not thread-safe.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    /// <summary>Writes seven bits a byte, lowest first.</summary>
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Number(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    public void Float(float value) => BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>Writes the length, then the bytes.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Varint((ulong)utf8.Length);
        Bytes(utf8);
    }

    public void Row<TRow>(in TRow row)
        where TRow : struct => MemoryMarshal.Write(Room(System.Runtime.CompilerServices.Unsafe.SizeOf<TRow>()), row);

    /// <summary>Leaves room for a length that is not known yet; <see cref="EndLength"/> fills it in.</summary>
    public int BeginLength()
    {
        Room(4);
        return Length;
    }

    public void EndLength(int start) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start - 4), Length - start);

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        var room = _bytes.AsSpan(Length, length);
        Length += length;
        return room;
    }
}
