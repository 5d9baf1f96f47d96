using System.Text.Json;
using RiskEngine.Core.Events;
using Fields = RiskEngine.Collectors.Formats.KeycloakFields;

namespace RiskEngine.Collectors.Formats;

/// <summary>Keycloak's user and admin events as JSON: from its REST API, and as event listeners send them.</summary>
/// <remarks>
/// A record with <c>operationType</c> is an admin event. Its subject is the account that was changed; the address is the administrator's and so is not
/// given to the account, save where both are one. <c>IMPERSONATE</c> is told of who impersonates. An event of no account (an unknown client, a change of
/// a realm) gives nothing. A failed login with the error <c>user_not_found</c> and without <c>userId</c> is of a name that does not exist, which is
/// hashed. The realm is no tenant: Keycloak's ids differ between realms anyway. Field names are those of <c>org.keycloak.events.Event</c>,
/// <c>admin.AdminEvent</c> and <c>Details</c> (Keycloak 26).
/// </remarks>
public sealed class KeycloakFormat(FormatContext context) : JsonFormat(context)
{
    private const double LastMillisecond = 253_402_300_799_999;

    public override string Name => "keycloak";

    private protected override ParseResult Read(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch) =>
        cursor.Result(TryRead(ref cursor, record, position, batch) ? 1 : 0);

    /// <returns>False where the event is of no account.</returns>
    private bool TryRead(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        ref var added = ref batch.Add(position);
        var draft = new KeycloakDraft();
        while (cursor.NextMember(out var name)) ReadMember(ref cursor, name, ref added, ref draft);
        cursor.Read();

        if (draft.TimeAt < 0) cursor.Fail(DefectReason.MissingField, -1, Fields.Time.Missing);
        if (draft.Type.IsEmpty && !draft.IsByAdministrator) cursor.Fail(DefectReason.MissingField, -1, Fields.Type.Missing);
        if (!cursor.Defect.IsNone) return true;
        cursor.Fail(Times.Check(added.OccurredAt, draft.TimeAt));
        if (!(draft.IsByAdministrator ? SetAdminEvent(batch, ref added, draft) : SetUserEvent(ref cursor, batch, ref added, draft))) return false;
        Finish.KeepSession(batch, ref added, draft.Session);
        Finish.GiveId(batch, ref added, record, position);
        return true;
    }

    private static void ReadMember(ref JsonCursor cursor, scoped ReadOnlySpan<byte> name, ref LoginEvent added, ref KeycloakDraft draft)
    {
        if (name.SequenceEqual("id"u8) || name.SequenceEqual("uid"u8)) added.Id = cursor.Text(Fields.Id);
        else if (name.SequenceEqual("time"u8)) ReadTime(ref cursor, ref added, ref draft);
        else if (name.SequenceEqual("type"u8)) draft.Type = cursor.Text(Fields.Type);
        else if (name.SequenceEqual("clientId"u8)) added.Application = cursor.Text(Fields.ClientId);
        else if (name.SequenceEqual("userId"u8)) draft.UserId = cursor.Text(Fields.UserId);
        else if (name.SequenceEqual("sessionId"u8)) draft.Session = cursor.Text(Fields.SessionId);
        else if (name.SequenceEqual("ipAddress"u8)) added.SourceIp = cursor.Address(Fields.IpAddress);
        else if (name.SequenceEqual("error"u8)) added.Reason = cursor.TextCut(Fields.Error);
        else if (name.SequenceEqual("details"u8)) ReadDetails(ref cursor, ref added, ref draft);
        else if (name.SequenceEqual("authDetails"u8)) ReadAdministrator(ref cursor, ref added, ref draft);
        else if (name.SequenceEqual("operationType"u8)) draft.OperationType = cursor.Text(Fields.OperationType);
        else if (name.SequenceEqual("resourceType"u8)) draft.ResourceType = cursor.Text(Fields.ResourceType);
        else if (name.SequenceEqual("resourcePath"u8)) draft.ResourcePath = cursor.TextCut(Fields.ResourcePath);
        else cursor.Skip();
    }

    private static void ReadTime(ref JsonCursor cursor, ref LoginEvent added, ref KeycloakDraft draft)
    {
        draft.TimeAt = cursor.Token == JsonTokenType.Null ? -1 : cursor.Position;
        added.OccurredAt = new EventTime((long)(cursor.Number(Fields.Time, 0, LastMillisecond) ?? 0));
    }

    private static void ReadDetails(ref JsonCursor cursor, ref LoginEvent added, ref KeycloakDraft draft)
    {
        if (!cursor.EnterObject(Fields.Details)) return;
        while (cursor.NextMember(out var name))
        {
            if (cursor.Token != JsonTokenType.String) cursor.Skip();
            else if (name.SequenceEqual("username"u8)) draft.UserName = cursor.TextCut(Fields.Detail);
            else if (name.SequenceEqual("impersonator"u8)) draft.Impersonator = cursor.TextCut(Fields.Detail);
            else if (name.SequenceEqual("credential_type"u8)) draft.CredentialType = cursor.TextCut(Fields.Detail);
            else if (name.SequenceEqual("identity_provider"u8)) added.AuthMethod = cursor.TextCut(Fields.Detail);
            else if (name.SequenceEqual("user_agent"u8)) added.UserAgent = cursor.TextCut(Fields.UserAgent);
            else cursor.Skip();
        }
    }

    private static void ReadAdministrator(ref JsonCursor cursor, ref LoginEvent added, ref KeycloakDraft draft)
    {
        if (!cursor.EnterObject(Fields.AuthDetails)) return;
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("userId"u8)) draft.AdministratorId = cursor.Text(Fields.UserId);
            else if (name.SequenceEqual("ipAddress"u8)) added.SourceIp = cursor.Address(Fields.IpAddress);
            else if (name.SequenceEqual("clientId"u8)) added.Application = cursor.Text(Fields.ClientId);
            else cursor.Skip();
        }
    }

    private bool SetUserEvent(ref JsonCursor cursor, EventBatch batch, ref LoginEvent added, in KeycloakDraft draft)
    {
        var type = batch.Text(draft.Type);
        if (type.StartsWith("access."u8)) type = type["access.".Length..];
        added.Kind = KeycloakTypes.MapUserEvent(type, batch.Text(added.Reason), batch.Text(draft.CredentialType));
        if (added.Kind == EventKind.Other) added.KindText = draft.Type;
        (added.SubjectId, added.SubjectName) = (draft.UserId, draft.UserName);
        if (added.Kind == EventKind.ImpersonationStarted && !draft.Impersonator.IsEmpty) (added.SubjectId, added.SubjectName) = (default, draft.Impersonator);
        added.ServiceAccount = added.Kind == EventKind.TokenUsed;
        if (KeycloakTypes.IsFactor(batch.Text(draft.CredentialType))) added.Mfa = new SliceRange(batch.AppendToList(draft.CredentialType), 1);
        else if (added.AuthMethod.IsEmpty) added.AuthMethod = draft.CredentialType;

        if (added.SubjectId.IsEmpty && EventFinish.SaysUnknown(batch.Text(added.Reason)) && !added.SubjectName.IsEmpty) Finish.HideName(batch, ref added);
        if (!added.SubjectId.IsEmpty || !added.SubjectName.IsEmpty) return true;
        if (added.Kind is EventKind.Other or EventKind.LoginFailed) return false;
        cursor.Fail(DefectReason.MissingField, -1, Fields.UserMissing);
        return true;
    }

    private static bool SetAdminEvent(EventBatch batch, ref LoginEvent added, in KeycloakDraft draft)
    {
        var path = batch.Text(draft.ResourcePath);
        if (!path.StartsWith("users/"u8)) return false;
        path = path["users/".Length..];
        var end = path.IndexOf((byte)'/');
        var account = end < 0 ? path : path[..end];
        if (account.IsEmpty) return false;

        added.Kind = KeycloakTypes.MapAdminEvent(batch.Text(draft.OperationType), end < 0 ? default : path[(end + 1)..]);
        if (added.Kind == EventKind.Other) added.KindText = draft.OperationType;
        var isOwn = account.SequenceEqual(batch.Text(draft.AdministratorId));
        if (added.Kind == EventKind.ImpersonationStarted && !draft.AdministratorId.IsEmpty) added.SubjectId = draft.AdministratorId;
        else added.SubjectId = new Slice(draft.ResourcePath.Offset + "users/".Length, account.Length);
        if (!isOwn && added.Kind != EventKind.ImpersonationStarted) added.SourceIp = default;
        if (!isOwn && added.Reason.IsEmpty) added.Reason = batch.Append("by_administrator"u8);
        return true;
    }
}
