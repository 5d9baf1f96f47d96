using System.Buffers.Binary;
using System.Text;

namespace RiskEngine.Kafka.Tests;

/// <summary>Kafka's protocol on a connection: four bytes for the length, then that many bytes.</summary>
internal static class KafkaFrame
{
    private const int Longest = 1024 * 1024;

    /// <exception cref="IOException">The connection ended, or no frame comes.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, cancellation);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length) is var bytes and > 0 and <= Longest ? bytes : throw new IOException("That is no frame.")];
        await stream.ReadExactlyAsync(frame, cancellation);
        return frame;
    }

    public static async Task WriteAsync(Stream stream, byte[] frame, CancellationToken cancellation) =>
        await stream.WriteAsync(new KafkaWriter().Bytes(frame).ToArray(), cancellation);
}

/// <summary>A request as it came, and what stands at its head.</summary>
internal sealed class KafkaRequest(byte[] frame)
{
    public const short SaslHandshake = 17, ApiVersions = 18, SaslAuthenticate = 36;

    public byte[] Frame => frame;

    public short Api => BinaryPrimitives.ReadInt16BigEndian(frame);

    public short Version => BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2));

    public int Correlation => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));

    /// <summary>What comes behind the name of the client.</summary>
    public KafkaReader Body()
    {
        var reader = new KafkaReader(frame.AsSpan(8));
        reader.Text();
        return reader;
    }
}

/// <summary>Reads what versions of requests without tagged fields are made of; a text that is none is empty.</summary>
internal ref struct KafkaReader(ReadOnlySpan<byte> left)
{
    private ReadOnlySpan<byte> _left = left;

    public string Text() => BinaryPrimitives.ReadInt16BigEndian(Take(2)) is var length and >= 0 ? Encoding.UTF8.GetString(Take(length)) : "";

    public byte[] Bytes() => Take(BinaryPrimitives.ReadInt32BigEndian(Take(4))).ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}

/// <summary>Writes the same.</summary>
internal sealed class KafkaWriter
{
    private readonly MemoryStream _written = new();

    public KafkaWriter Small(short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return Raw(bytes);
    }

    public KafkaWriter Number(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Raw(bytes);
    }

    public KafkaWriter Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Raw(bytes);
    }

    public KafkaWriter Text(string? value) => value is null ? Small(-1) : Small((short)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));

    public KafkaWriter Bytes(byte[] value) => Number(value.Length).Raw(value);

    public KafkaWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _written.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _written.ToArray();
}
