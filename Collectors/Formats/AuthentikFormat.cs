using RiskEngine.Core.Events;
using Fields = RiskEngine.Collectors.Formats.AuthentikFields;

namespace RiskEngine.Collectors.Formats;

/// <summary>authentik's events as its API gives them, one or a page of them, as a webhook mapping sends them, and as they stand in its JSON log.</summary>
/// <remarks>
/// The shape is told by the members, not by a switch: <c>results</c> is a page (its good elements are kept, its first fault is reported),
/// <c>event</c> is a log line, anything else an event. Of the log only "Created Event" and "invalid_login" tell of logins; the latter is the only
/// trace of a name that does not exist. Other log lines give nothing, and neither do the events that the responder wrote. An account without a <c>pk</c>, or the anonymous one, in a failed login does not
/// exist: its name is hashed. Ids are written with dashes whether they came so or not, so that the API and a webhook agree. Log lines carry no id; it
/// is derived from the line, which holds a request id and microseconds, without its place. Times without an offset are UTC, as in the container.
/// </remarks>
public sealed class AuthentikFormat(FormatContext context) : JsonFormat(context)
{
    public override string Name => "authentik";

    private protected override ParseResult Read(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        var mark = batch.Here;
        ref var added = ref batch.Add(position);
        var draft = new AuthentikDraft();
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("results"u8))
            {
                batch.Rewind(mark);
                return ReadPage(ref cursor, record, position, batch);
            }

            AuthentikMembers.Read(ref cursor, name, ref added, ref draft, batch);
        }

        cursor.Read();
        if (draft.IsEnvelope || IsOurs(batch, draft) || !IsAboutLogins(batch, draft)) return ParseResult.Nothing;
        Complete(ref cursor, record, position, batch, ref added, ref draft, 0);
        return cursor.Result(1);
    }

    private ParseResult ReadPage(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        var first = batch.Count;
        cursor.ForgetDefect();
        if (!cursor.EnterList(Fields.Results)) return cursor.Result(0);
        Defect fault = default;
        for (var index = 0; cursor.NextElement(); index++)
        {
            ReadElement(ref cursor, record, position, batch, index);
            if (fault.IsNone) fault = cursor.Defect;
            cursor.ForgetDefect();
        }

        while (cursor.NextMember(out _)) cursor.Skip();
        cursor.Read();
        return new ParseResult(batch.Count - first, fault);
    }

    private void ReadElement(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch, int index)
    {
        var mark = batch.Here;
        var start = cursor.Position;
        if (!cursor.EnterObject(Fields.Result)) return;
        ref var added = ref batch.Add(position);
        var draft = new AuthentikDraft();
        while (cursor.NextMember(out var name)) AuthentikMembers.Read(ref cursor, name, ref added, ref draft, batch);
        if (IsOurs(batch, draft))
        {
            batch.Rewind(mark);
            return;
        }

        Complete(ref cursor, record[start..cursor.Consumed], position, batch, ref added, ref draft, index);
        if (!cursor.Defect.IsNone) batch.Rewind(mark);
    }

    /// <summary>Whether the responder wrote it. Of other actions the mark means nothing: whoever could put it there must not make a login unseen.</summary>
    private static bool IsOurs(EventBatch batch, in AuthentikDraft draft) => draft.IsOurs && batch.Text(draft.Action).SequenceEqual("suspicious_request"u8);

    private static bool IsAboutLogins(EventBatch batch, in AuthentikDraft draft) => draft.LogEvent.IsEmpty || IsInvalidLogin(batch, draft)
        || batch.Text(draft.LogEvent).SequenceEqual("Created Event"u8);

    private static bool IsInvalidLogin(EventBatch batch, in AuthentikDraft draft) => batch.Text(draft.LogEvent).SequenceEqual("invalid_login"u8);

    private void Complete(
        ref JsonCursor cursor, ReadOnlySpan<byte> content, in SourcePosition position, EventBatch batch, ref LoginEvent added, ref AuthentikDraft draft, int index)
    {
        var isLog = !draft.LogEvent.IsEmpty;
        SetTime(ref cursor, ref added, draft, isLog);
        if (isLog && IsInvalidLogin(batch, draft)) SetInvalidLogin(ref cursor, batch, ref added, draft);
        else SetAction(ref cursor, batch, ref added, draft);
        if (!cursor.Defect.IsNone) return;

        if (!draft.AskedAs.IsEmpty) added.RequestId = draft.AskedAs;
        if (!isLog) added.Id = AuthentikIds.AppendDashed(batch, draft.Pk);
        if (isLog && !added.RequestId.IsEmpty) Finish.GiveIdFromContent(batch, ref added, content);
        Finish.GiveId(batch, ref added, content, position, index);
    }

    private void SetTime(ref JsonCursor cursor, ref LoginEvent added, in AuthentikDraft draft, bool isLog)
    {
        added.OccurredAt = isLog ? draft.Timestamp : draft.Created;
        if (draft.TimeAt < 0)
        {
            cursor.Fail(DefectReason.MissingField, -1, isLog ? Fields.Timestamp.Missing : Fields.Created.Missing);
            return;
        }

        cursor.Fail(Times.Check(added.OccurredAt, draft.TimeAt));
    }

    private void SetInvalidLogin(ref JsonCursor cursor, EventBatch batch, ref LoginEvent added, in AuthentikDraft draft)
    {
        if (draft.Identifier.IsEmpty) cursor.Fail(DefectReason.MissingField, -1, Fields.Identifier.Missing);
        added.Kind = EventKind.LoginFailed;
        added.SubjectId = default;
        added.SubjectName = draft.Identifier;
        added.Reason = batch.Append("invalid_identifier"u8);
        Finish.HideName(batch, ref added);
    }

    private void SetAction(ref JsonCursor cursor, EventBatch batch, ref LoginEvent added, in AuthentikDraft draft)
    {
        if (draft.Action.IsEmpty) cursor.Fail(DefectReason.MissingField, -1, Fields.Action.Missing);
        var isAuthenticator = AuthentikActions.IsAuthenticator(batch.Text(draft.ModelApp), batch.Text(draft.ModelName));
        added.Kind = AuthentikActions.Map(batch.Text(draft.Action), !draft.DeviceClass.IsEmpty, draft.IsNewAccount, isAuthenticator);
        if (added.Kind == EventKind.Other) added.KindText = draft.Action;
        if (added.Kind == EventKind.MfaFailed) added.Mfa = One(batch, draft.DeviceClass);
        if (added.Kind == EventKind.FactorAdded) added.Mfa = One(batch, draft.ModelName);
        if (added.Kind == EventKind.SuspiciousRequest && added.Reason.IsEmpty) added.Reason = draft.Message;
        SetSubject(ref cursor, batch, ref added, draft);
    }

    private void SetSubject(ref JsonCursor cursor, EventBatch batch, ref LoginEvent added, in AuthentikDraft draft)
    {
        var isFailure = added.Kind is EventKind.LoginFailed or EventKind.MfaFailed;
        if (isFailure && draft.IsAnonymous) (added.SubjectId, added.SubjectName) = (default, draft.ContextUserName.IsEmpty ? added.SubjectName : draft.ContextUserName);
        if (added.SubjectName.IsEmpty && added.SubjectId.IsEmpty && isFailure) added.SubjectName = draft.ContextUserName;
        if (added.SubjectName.IsEmpty && added.SubjectId.IsEmpty) cursor.Fail(DefectReason.MissingField, -1, Fields.UserMissing);
        else if (added.SubjectId.IsEmpty && isFailure) Finish.HideName(batch, ref added);
    }

    private static SliceRange One(EventBatch batch, Slice text) => new(batch.AppendToList(text), 1);
}
