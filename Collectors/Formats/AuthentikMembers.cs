using RiskEngine.Core.Events;
using Fields = RiskEngine.Collectors.Formats.AuthentikFields;

namespace RiskEngine.Collectors.Formats;

/// <summary>Reads the members of one authentik event. Which of them matter is decided when all have been seen.</summary>
internal static class AuthentikMembers
{
    public static void Read(ref JsonCursor cursor, scoped ReadOnlySpan<byte> name, ref LoginEvent added, ref AuthentikDraft draft, EventBatch batch)
    {
        if (name.SequenceEqual("pk"u8)) draft.Pk = cursor.TextOrInteger(Fields.Pk);
        else if (name.SequenceEqual("action"u8)) draft.Action = cursor.Text(Fields.Action);
        else if (name.SequenceEqual("created"u8)) draft.Created = ReadTime(ref cursor, Fields.Created, ref draft);
        else if (name.SequenceEqual("timestamp"u8)) draft.Timestamp = ReadTime(ref cursor, Fields.Timestamp, ref draft);
        else if (name.SequenceEqual("client_ip"u8)) added.SourceIp = cursor.Address(Fields.ClientIp);
        else if (name.SequenceEqual("user"u8)) ReadUser(ref cursor, ref added, ref draft);
        else if (name.SequenceEqual("context"u8)) ReadContext(ref cursor, ref added, ref draft, batch);
        else if (name.SequenceEqual("event"u8)) draft.LogEvent = cursor.TextCut(Fields.LogEvent);
        else if (name.SequenceEqual("identifier"u8)) draft.Identifier = cursor.TextCut(Fields.Identifier);
        else if (name.SequenceEqual("request_id"u8)) added.RequestId = cursor.Text(Fields.RequestId);
        else if (name.SequenceEqual("pagination"u8)) SkipEnvelope(ref cursor, ref draft);
        else cursor.Skip();
    }

    private static void SkipEnvelope(ref JsonCursor cursor, ref AuthentikDraft draft)
    {
        draft.IsEnvelope = true;
        cursor.Skip();
    }

    private static EventTime ReadTime(ref JsonCursor cursor, JsonField field, ref AuthentikDraft draft)
    {
        draft.TimeAt = cursor.Token == System.Text.Json.JsonTokenType.Null ? -1 : cursor.Position;
        return cursor.Time(field);
    }

    private static void ReadUser(ref JsonCursor cursor, ref LoginEvent added, ref AuthentikDraft draft)
    {
        if (!cursor.EnterObject(Fields.User)) return;
        while (cursor.NextMember(out var name))
        {
            // on_behalf_of and authenticated_as are others: the account concerned is the outer one.
            if (name.SequenceEqual("pk"u8)) added.SubjectId = cursor.TextOrInteger(Fields.UserPk);
            else if (name.SequenceEqual("username"u8)) added.SubjectName = cursor.Text(Fields.UserName);
            else if (name.SequenceEqual("is_anonymous"u8)) draft.IsAnonymous = cursor.Boolean(Fields.IsAnonymous) ?? false;
            else cursor.Skip();
        }
    }

    private static void ReadContext(ref JsonCursor cursor, ref LoginEvent added, ref AuthentikDraft draft, EventBatch batch)
    {
        if (!cursor.EnterObject(Fields.Context)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("geo"u8)) ReadGeo(ref cursor, ref added);
            else if (name.SequenceEqual("asn"u8)) ReadAsn(ref cursor, ref added);
            else if (name.SequenceEqual("http_request"u8)) ReadHttpRequest(ref cursor, ref added);
            else if (name.SequenceEqual("auth_method"u8)) added.AuthMethod = cursor.Text(Fields.AuthMethod);
            else if (name.SequenceEqual("auth_method_args"u8)) ReadAuthMethodArgs(ref cursor, ref added, ref draft, batch);
            else if (name.SequenceEqual("username"u8)) draft.ContextUserName = OptionalText(ref cursor, Fields.ContextUserName);
            else if (name.SequenceEqual("model"u8)) (draft.ModelApp, draft.ModelName, _) = ReadModel(ref cursor, Fields.Model);
            else if (name.SequenceEqual("authorized_application"u8)) (_, _, added.Application) = ReadModel(ref cursor, Fields.Application);
            else if (name.SequenceEqual("reason"u8)) added.Reason = OptionalText(ref cursor, Fields.ContextReason);
            else if (name.SequenceEqual("logout_reason"u8)) added.Reason = OptionalText(ref cursor, Fields.LogoutReason);
            else if (name.SequenceEqual("message"u8)) draft.Message = OptionalText(ref cursor, Fields.Message);
            else if (name.SequenceEqual("created"u8)) ReadCreated(ref cursor, ref draft);
            else if (name.SequenceEqual("riskengine"u8)) ReadMark(ref cursor, ref draft);
            else cursor.Skip();
        }
    }

    /// <summary>Reads a text of the open part of an event; anything else there is none of our business.</summary>
    private static Slice OptionalText(ref JsonCursor cursor, JsonField field)
    {
        if (cursor.Token == System.Text.Json.JsonTokenType.String) return cursor.TextCut(field);
        cursor.Once(field);
        cursor.Skip();
        return default;
    }

    private static void ReadMark(ref JsonCursor cursor, ref AuthentikDraft draft)
    {
        draft.IsOurs = true;
        cursor.Skip();
    }

    private static void ReadCreated(ref JsonCursor cursor, ref AuthentikDraft draft)
    {
        cursor.Once(Fields.ContextCreated);
        draft.IsNewAccount = cursor.Token == System.Text.Json.JsonTokenType.True;
        cursor.Skip();
    }

    private static (Slice App, Slice ModelName, Slice Name) ReadModel(ref JsonCursor cursor, JsonField field)
    {
        cursor.Once(field);
        Slice app = default, modelName = default, title = default;
        if (cursor.Token != System.Text.Json.JsonTokenType.StartObject)
        {
            cursor.Skip();
            return default;
        }

        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("app"u8)) app = OptionalText(ref cursor, Fields.ContextText);
            else if (name.SequenceEqual("model_name"u8)) modelName = OptionalText(ref cursor, Fields.ModelName);
            else if (name.SequenceEqual("name"u8)) title = OptionalText(ref cursor, Fields.ContextText);
            else cursor.Skip();
        }

        return (app, modelName, title);
    }

    private static void ReadAuthMethodArgs(ref JsonCursor cursor, ref LoginEvent added, ref AuthentikDraft draft, EventBatch batch)
    {
        if (!cursor.EnterObject(Fields.AuthMethodArgs)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("known_device"u8)) added.KnownDevice = cursor.Boolean(Fields.KnownDevice);
            else if (name.SequenceEqual("mfa_devices"u8)) added.Mfa = ReadFactors(ref cursor, batch);
            else if (name.SequenceEqual("device_class"u8)) draft.DeviceClass = OptionalText(ref cursor, Fields.DeviceClass);
            else if (name.SequenceEqual("riskengine"u8)) draft.AskedAs = OptionalText(ref cursor, Fields.AskedAs);
            else cursor.Skip();
        }
    }

    private static SliceRange ReadFactors(ref JsonCursor cursor, EventBatch batch)
    {
        if (!cursor.EnterList(Fields.MfaDevices)) return default;
        var start = batch.ListCount;
        while (cursor.NextElement())
        {
            var (_, factor, _) = ReadModel(ref cursor, Fields.ModelName);
            if (!factor.IsEmpty && batch.ListCount - start < JsonCursor.ListLimit) batch.AppendToList(factor);
        }

        return new SliceRange(start, batch.ListCount - start);
    }

    private static void ReadHttpRequest(ref JsonCursor cursor, ref LoginEvent added)
    {
        if (!cursor.EnterObject(Fields.HttpRequest)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("user_agent"u8)) added.UserAgent = cursor.TextCut(Fields.UserAgent);
            else if (name.SequenceEqual("request_id"u8)) added.RequestId = cursor.Text(Fields.HttpRequestId);
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
            else if (name.SequenceEqual("lat"u8)) latitude = cursor.Number(Fields.Latitude, -90, 90);
            else if (name.SequenceEqual("long"u8)) longitude = cursor.Number(Fields.Longitude, -180, 180);
            else cursor.Skip();
        }

        EventFinish.Place(ref added, latitude, longitude);
    }

    private static void ReadAsn(ref JsonCursor cursor, ref LoginEvent added)
    {
        if (!cursor.EnterObject(Fields.Asn)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("asn"u8)) added.Asn = (uint)(cursor.Number(Fields.AsnNumber, 0, uint.MaxValue) ?? 0);
            else if (name.SequenceEqual("as_org"u8)) added.AsnOrganisation = cursor.TextCut(Fields.AsnOrganisation);
            else cursor.Skip();
        }
    }
}
