using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Simulation.Events;

/// <summary>Writes drafts as canonical JSON, one line each. Not thread-safe; the bytes of a line hold until the next one.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    // Letters of cities and names as themselves, not as escapes: what most identity providers write.
    public EventWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One event's JSON, without a line end.</summary>
    public ReadOnlyMemory<byte> Write(EventDraft draft)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        WriteGuid("id"u8, draft.Id);
        WriteTime(draft.OccurredAt);
        _json.WriteString("kind"u8, draft.Kind.Name());
        WriteSubject(draft);
        WriteOrigin(draft);
        WriteOptional("device_id"u8, draft.DeviceId);
        if (draft.Session != 0) WriteGuid("session_id"u8, draft.Session);
        WriteOptional("application"u8, draft.Application);
        WriteOptional("auth_method"u8, draft.AuthMethod);
        if (draft.Mfa is not null)
        {
            _json.WriteStartArray("mfa"u8);
            _json.WriteStringValue(draft.Mfa);
            _json.WriteEndArray();
        }

        WriteOptional("reason"u8, draft.Reason);
        if (draft.RoundTrip > 0) _json.WriteNumber("round_trip_ms"u8, draft.RoundTrip);
        WriteLabel(draft.Label);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void WriteSubject(EventDraft draft)
    {
        _json.WriteStartObject("subject"u8);
        if (draft.Account is not { } account)
        {
            _json.WriteString("name"u8, draft.UnknownName);
            _json.WriteEndObject();
            return;
        }

        _json.WriteString("id"u8, account.Id);
        _json.WriteString("name"u8, account.Name);
        if (account.Groups.Length > 0)
        {
            _json.WriteStartArray("groups"u8);
            foreach (var group in account.Groups) _json.WriteStringValue(group);
            _json.WriteEndArray();
        }

        if (account.IsService) _json.WriteBoolean("service_account"u8, true);
        _json.WriteEndObject();
    }

    private void WriteOrigin(EventDraft draft)
    {
        if (draft.From is { } from)
        {
            Span<byte> address = stackalloc byte[45];
            _json.WriteString("source_ip"u8, address[..from.Address.Format(address)]);
        }

        WriteOptional("user_agent"u8, draft.UserAgent);
        if (draft.From is not { } place) return;
        _json.WriteStartObject("geo"u8);
        _json.WriteString("country"u8, place.City.Country);
        _json.WriteString("city"u8, place.City.Name);
        _json.WriteNumber("latitude"u8, (decimal)place.Position.Latitude);
        _json.WriteNumber("longitude"u8, (decimal)place.Position.Longitude);
        _json.WriteEndObject();
        _json.WriteStartObject("asn"u8);
        _json.WriteNumber("number"u8, place.Operator.Number);
        _json.WriteString("organization"u8, place.Operator.Name);
        _json.WriteEndObject();
    }

    private void WriteLabel(AttackLabel? label)
    {
        if (label is null) return;
        _json.WriteStartObject("label"u8);
        _json.WriteString("attack"u8, label.Attack);
        _json.WriteNumber("campaign"u8, label.Campaign);
        _json.WriteEndObject();
    }

    private void WriteOptional(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) _json.WriteString(name, value);
    }

    private void WriteTime(EventTime time)
    {
        Span<byte> text = stackalloc byte[32];
        time.ToDateTimeOffset().UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        _json.WriteString("occurred_at"u8, text[..length]);
    }

    /// <summary>A random UUID (version 4, RFC 9562) from 128 random bits.</summary>
    private void WriteGuid(ReadOnlySpan<byte> name, UInt128 bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        _json.WriteString(name, new Guid(bytes, bigEndian: true));
    }
}
