using System.Text.Json;

namespace RiskEngine.Core.Events;

/// <summary>Writes login events in the canonical form (design, section 4.3), to be read again by the canonical format in another process.</summary>
/// <remarks>
/// What was read comes out the same, but for what must not be kept in clear: a session id is its hash, and a name that does not exist its pseudonym, with a reason that
/// says so. Pure; safe for concurrent use on different writers.
/// </remarks>
public static class LoginEventJson
{
    private static readonly string[] UnknownReasons = ["unknown_user", "invalid_user", "user_not_found"];

    /// <summary>Whether an event can be handed on: what a system tells of itself is of nobody and is read by no format.</summary>
    public static bool CanWrite(in LoginEvent e) => !e.SubjectId.IsEmpty || !e.SubjectName.IsEmpty;

    /// <summary>Writes one event of a batch as an object.</summary>
    public static void Write(Utf8JsonWriter writer, EventBatch batch, int index)
    {
        ref readonly var e = ref batch.Events[index];
        Span<byte> text = stackalloc byte[64];
        writer.WriteStartObject();
        writer.WriteString("id"u8, batch.Text(e.Id));
        writer.WriteString("occurred_at"u8, text[..e.OccurredAt.Format(text)]);
        writer.WriteString("kind"u8, e.Kind == EventKind.Other ? batch.String(e.KindText) : e.Kind.Name());
        WriteText(writer, "tenant"u8, batch, e.Tenant);
        WriteSubject(writer, batch, e);
        if (!e.SourceIp.IsUnknown) writer.WriteString("source_ip"u8, text[..e.SourceIp.Format(text)]);
        WriteText(writer, "user_agent"u8, batch, e.UserAgent);
        if (e.Session != 0)
        {
            Pseudonyms.FormatSession(e.Session, text);
            writer.WriteString("session_id"u8, text[..Pseudonyms.SessionLength]);
        }

        WriteText(writer, "device_id"u8, batch, e.DeviceId);
        if (e.KnownDevice is { } known) writer.WriteBoolean("known_device"u8, known);
        WriteText(writer, "request_id"u8, batch, e.RequestId);
        WriteText(writer, "application"u8, batch, e.Application);
        WriteText(writer, "auth_method"u8, batch, e.AuthMethod);
        WriteList(writer, "mfa"u8, batch, e.Mfa);
        WriteReason(writer, batch, e);
        if (e.RoundTripMilliseconds >= 0) writer.WriteNumber("round_trip_ms"u8, e.RoundTripMilliseconds);
        WriteGeo(writer, batch, e);
        WriteAsn(writer, batch, e);
        if (e.Probe) writer.WriteBoolean("probe"u8, true);
        writer.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter writer, EventBatch batch, in LoginEvent e)
    {
        writer.WriteStartObject("subject"u8);
        if (!e.SubjectId.IsEmpty) writer.WriteString("id"u8, Unescaped(batch.Text(e.SubjectId)));
        if (!e.SubjectName.IsEmpty) writer.WriteString("name"u8, e.SubjectIsUnknown ? batch.Text(e.SubjectName) : Unescaped(batch.Text(e.SubjectName)));
        WriteList(writer, "groups"u8, batch, e.Groups);
        if (e.ServiceAccount) writer.WriteBoolean("service_account"u8, true);
        writer.WriteEndObject();
    }

    /// <summary>As it was given: see <see cref="Pseudonyms.Escaped"/>.</summary>
    private static ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> text) => text.StartsWith("~~"u8) ? text[1..] : text;

    /// <summary>Whoever reads it knows by the reason alone that there is no such account.</summary>
    private static void WriteReason(Utf8JsonWriter writer, EventBatch batch, in LoginEvent e)
    {
        if (e.SubjectIsUnknown && !UnknownReasons.Contains(batch.String(e.Reason))) writer.WriteString("reason"u8, UnknownReasons[0]);
        else WriteText(writer, "reason"u8, batch, e.Reason);
    }

    private static void WriteGeo(Utf8JsonWriter writer, EventBatch batch, in LoginEvent e)
    {
        if (!e.Country.IsKnown && !e.GeoRefused && e.City.IsEmpty && float.IsNaN(e.Latitude)) return;
        writer.WriteStartObject("geo"u8);
        // A country that cannot be one is refused again by whoever reads it.
        if (e.GeoRefused) writer.WriteString("country"u8, "??"u8);
        else if (e.Country.IsKnown) writer.WriteString("country"u8, e.Country.ToString());
        WriteText(writer, "city"u8, batch, e.City);
        if (!float.IsNaN(e.Latitude) && !float.IsNaN(e.Longitude))
        {
            writer.WriteNumber("latitude"u8, e.Latitude);
            writer.WriteNumber("longitude"u8, e.Longitude);
        }

        writer.WriteEndObject();
    }

    private static void WriteAsn(Utf8JsonWriter writer, EventBatch batch, in LoginEvent e)
    {
        if (e.Asn == 0 && e.AsnOrganisation.IsEmpty) return;
        writer.WriteStartObject("asn"u8);
        if (e.Asn != 0) writer.WriteNumber("number"u8, e.Asn);
        WriteText(writer, "organization"u8, batch, e.AsnOrganisation);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, EventBatch batch, Slice text)
    {
        if (!text.IsEmpty) writer.WriteString(name, batch.Text(text));
    }

    private static void WriteList(Utf8JsonWriter writer, ReadOnlySpan<byte> name, EventBatch batch, SliceRange range)
    {
        if (range.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var item in batch.List(range)) writer.WriteStringValue(batch.Text(item));
        writer.WriteEndArray();
    }
}
