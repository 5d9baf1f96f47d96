using System.Text.Json;
using RiskEngine.Core.Events;
using Fields = RiskEngine.Collectors.Formats.RiskEngineFields;

namespace RiskEngine.Collectors.Formats;

/// <summary>The canonical login event: one JSON object a record (design, section 4.3).</summary>
/// <remarks>
/// Unknown members are ignored; a member that is read and given twice is a defect. Null is "not given". Text longer than its field allows is a defect, save
/// for the user agent, which is cut. A time without an offset is UTC. A subject with an id exists, whatever the reason says. A <c>geo</c> whose country is
/// not two letters is left out as a whole, which <see cref="LoginEvent.GeoRefused"/> tells.
/// </remarks>
public sealed class RiskEngineFormat(FormatContext context) : JsonFormat(context)
{
    private readonly bool _evaluateDefaults = context.EvaluateDefaults;

    public override string Name => "riskengine";

    private protected override ParseResult Read(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        ref var added = ref batch.Add(position);
        var timeAt = -1;
        Slice session = default;
        while (cursor.NextMember(out var name)) ReadMember(ref cursor, name, ref added, ref session, ref timeAt, batch);
        cursor.Read();
        Complete(ref cursor, record, position, batch, ref added, session, timeAt);
        return cursor.Result(1);
    }

    private static void ReadMember(
        ref JsonCursor cursor, scoped ReadOnlySpan<byte> name, ref LoginEvent added, ref Slice session, ref int timeAt, EventBatch batch)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8): added.Id = cursor.Text(Fields.Id); break;
            case 3 when name.SequenceEqual("geo"u8): ReadGeo(ref cursor, ref added); break;
            case 3 when name.SequenceEqual("asn"u8): ReadAsn(ref cursor, ref added); break;
            case 3 when name.SequenceEqual("mfa"u8): added.Mfa = cursor.Texts(Fields.Mfa); break;
            case 4 when name.SequenceEqual("kind"u8): added.KindText = cursor.Text(Fields.Kind); break;
            case 5 when name.SequenceEqual("probe"u8): added.Probe = cursor.Boolean(Fields.Probe) ?? false; break;
            case 6 when name.SequenceEqual("tenant"u8): added.Tenant = ReadTenant(ref cursor, batch); break;
            case 6 when name.SequenceEqual("reason"u8): added.Reason = cursor.Text(Fields.Reason); break;
            case 7 when name.SequenceEqual("subject"u8): ReadSubject(ref cursor, ref added); break;
            case 9 when name.SequenceEqual("source_ip"u8): added.SourceIp = cursor.Address(Fields.SourceIp); break;
            case 9 when name.SequenceEqual("device_id"u8): added.DeviceId = cursor.Text(Fields.DeviceId); break;
            case 10 when name.SequenceEqual("user_agent"u8): added.UserAgent = cursor.TextCut(Fields.UserAgent); break;
            case 10 when name.SequenceEqual("session_id"u8): session = cursor.Text(Fields.SessionId); break;
            case 10 when name.SequenceEqual("request_id"u8): added.RequestId = cursor.Text(Fields.RequestId); break;
            case 11 when name.SequenceEqual("occurred_at"u8):
                timeAt = cursor.Token == JsonTokenType.Null ? -1 : cursor.Position;
                added.OccurredAt = cursor.Time(Fields.OccurredAt);
                break;
            case 11 when name.SequenceEqual("application"u8): added.Application = cursor.Text(Fields.Application); break;
            case 11 when name.SequenceEqual("auth_method"u8): added.AuthMethod = cursor.Text(Fields.AuthMethod); break;
            case 12 when name.SequenceEqual("known_device"u8): added.KnownDevice = cursor.Boolean(Fields.KnownDevice); break;
            case 13 when name.SequenceEqual("round_trip_ms"u8):
                added.RoundTripMilliseconds = (int)(cursor.Number(Fields.RoundTrip, 0, int.MaxValue) ?? -1);
                break;
            default: cursor.Skip(); break;
        }
    }

    private static Slice ReadTenant(ref JsonCursor cursor, EventBatch batch)
    {
        var tenant = cursor.Text(Fields.Tenant);
        return batch.Text(tenant).SequenceEqual("default"u8) ? default : tenant;
    }

    private static void ReadSubject(ref JsonCursor cursor, ref LoginEvent added)
    {
        if (!cursor.EnterObject(Fields.Subject)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("id"u8)) added.SubjectId = cursor.TextOrInteger(Fields.SubjectId);
            else if (name.SequenceEqual("name"u8)) added.SubjectName = cursor.Text(Fields.SubjectName);
            else if (name.SequenceEqual("groups"u8)) added.Groups = cursor.Texts(Fields.Groups);
            else if (name.SequenceEqual("service_account"u8)) added.ServiceAccount = cursor.Boolean(Fields.ServiceAccount) ?? false;
            else cursor.Skip();
        }
    }

    private static void ReadGeo(ref JsonCursor cursor, ref LoginEvent added)
    {
        double? latitude = null, longitude = null;
        if (!cursor.EnterObject(Fields.Geo)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("country"u8)) added.Country = cursor.Country(Fields.Country, out added.GeoRefused);
            else if (name.SequenceEqual("city"u8)) added.City = cursor.Text(Fields.City);
            else if (name.SequenceEqual("latitude"u8)) latitude = cursor.Number(Fields.Latitude, -90, 90);
            else if (name.SequenceEqual("longitude"u8)) longitude = cursor.Number(Fields.Longitude, -180, 180);
            else cursor.Skip();
        }

        EventFinish.Place(ref added, latitude, longitude);
    }

    private static void ReadAsn(ref JsonCursor cursor, ref LoginEvent added)
    {
        if (!cursor.EnterObject(Fields.Asn)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("number"u8)) added.Asn = (uint)(cursor.Number(Fields.AsnNumber, 0, uint.MaxValue) ?? 0);
            else if (name.SequenceEqual("organization"u8)) added.AsnOrganisation = cursor.Text(Fields.AsnOrganisation);
            else cursor.Skip();
        }
    }

    private void Complete(
        ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch, ref LoginEvent added, Slice session, int timeAt)
    {
        if (timeAt < 0 && _evaluateDefaults) added.OccurredAt = Times.Now;
        else if (timeAt < 0) cursor.Fail(DefectReason.MissingField, -1, Fields.OccurredAt.Missing);
        if (!added.KindText.IsEmpty) SetKind(batch, ref added);
        else if (_evaluateDefaults) added.Kind = EventKind.LoginAttempt;
        else cursor.Fail(DefectReason.MissingField, -1, Fields.Kind.Missing);
        if (added.SubjectId.IsEmpty && added.SubjectName.IsEmpty) cursor.Fail(DefectReason.MissingField, -1, Fields.SubjectMissing);
        if (!cursor.Defect.IsNone) return;

        cursor.Fail(Times.Check(added.OccurredAt, timeAt));
        if (added.SubjectId.IsEmpty && EventFinish.SaysUnknown(batch.Text(added.Reason))) Finish.HideName(batch, ref added);
        Finish.KeepSession(batch, ref added, session);
        Finish.GiveId(batch, ref added, record, position);
    }

    private static void SetKind(EventBatch batch, ref LoginEvent added)
    {
        added.Kind = EventKinds.Parse(batch.Text(added.KindText));
        if (added.Kind != EventKind.Other) added.KindText = default;
    }
}
