using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>Writes canonical events of the benchmark. Not thread-safe; the bytes of one hold until the next.</summary>
internal sealed class CaseWriter(ulong seed) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });
    private ulong _number;

    public void Dispose() => _json.Dispose();

    /// <param name="subject">Number of the subject; −1 where the name is nobody's.</param>
    /// <param name="unknownName">Number of a name that is nobody's.</param>
    /// <param name="city">Where the address is, for subjects whose events tell it.</param>
    public ReadOnlyMemory<byte> Write(long time, bool isSuccess, int subject, int unknownName, LoginAttributes attributes, City? city, bool isProbe)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        WriteId();
        WriteTime(time);
        _json.WriteString("kind"u8, isSuccess ? "login"u8 : "login_failed"u8);
        WriteSubject(subject, unknownName);
        _json.WriteString("source_ip"u8, attributes.Address);
        _json.WriteString("user_agent"u8, attributes.UserAgent);
        _json.WriteStartObject("geo"u8);
        _json.WriteString("country"u8, attributes.Country);
        if (city is not null)
        {
            _json.WriteString("city"u8, city.Name);
            _json.WriteNumber("latitude"u8, (decimal)city.Position.Latitude);
            _json.WriteNumber("longitude"u8, (decimal)city.Position.Longitude);
        }

        _json.WriteEndObject();
        _json.WriteStartObject("asn"u8);
        _json.WriteNumber("number"u8, attributes.Asn);
        _json.WriteEndObject();
        _json.WriteString("auth_method"u8, "password"u8);
        if (!isSuccess) _json.WriteString("reason"u8, subject < 0 ? "unknown_user"u8 : "invalid_password"u8);
        if (isProbe) _json.WriteBoolean("probe"u8, true);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    private void WriteSubject(int subject, int unknownName)
    {
        Span<char> text = stackalloc char[24];
        _json.WriteStartObject("subject"u8);
        if (subject < 0)
        {
            text.TryWrite($"nobody{unknownName}", out var length);
            _json.WriteString("name"u8, text[..length]);
        }
        else
        {
            text.TryWrite($"{subject}", out var length);
            _json.WriteString("id"u8, text[..length]);
            text.TryWrite($"person{subject}", out length);
            _json.WriteString("name"u8, text[..length]);
        }

        _json.WriteEndObject();
    }

    private void WriteTime(long time)
    {
        Span<char> text = stackalloc char[32];
        DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        _json.WriteString("occurred_at"u8, text[..length]);
    }

    /// <summary>A UUID (version 4, RFC 9562) of the seed and the number of the line.</summary>
    private void WriteId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _number++;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, SeededRandom.Mix(seed ^ (_number << 1)));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], SeededRandom.Mix(seed + _number) ^ _number);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        _json.WriteString("id"u8, new Guid(bytes, bigEndian: true));
    }
}
