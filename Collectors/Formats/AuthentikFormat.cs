using System.Text.Json;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using Fields = RiskEngine.Collectors.Formats.AuthentikFields;

namespace RiskEngine.Collectors.Formats;

/// <summary>authentik's events as its API gives them, one or a page of them, as a webhook mapping sends them, and as they stand in its JSON log.</summary>
/// <remarks>
/// The shape is told by the members, not by a switch: <c>results</c> is a page (its good elements are kept, the faults of all others are reported; a
/// broken one costs itself alone as long as its brackets match), <c>event</c> is a log line, anything else an event. Of the log only "Created Event" and
/// "invalid_login" tell of logins; the latter is the only trace of a name that does not exist. Other log lines give nothing, and neither do the events that the
/// responder wrote. An account without a <c>pk</c>, or the anonymous one, in a failed login does not exist: its name is hashed. What authentik tells of itself (an update, a failed task) is of
/// nobody: it is kept as <see cref="EventKind.Other"/> without a subject. Ids are written with dashes whether they came so or not, so that the API and a
/// webhook agree. Log lines carry no id; it is derived from the line, which holds a request id and microseconds, without its place. Times without an offset
/// are UTC, as in the container.
/// </remarks>
public sealed class AuthentikFormat(FormatContext context) : JsonFormat(context)
{
    private static readonly Defect TooLong = new(DefectReason.LineTooLong, 0, "an element of results longer than 1 MiB");

    private readonly JsonFramer _elements = new(EventReader.LineLimit);

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
        var mark = batch.Here;
        cursor.ForgetDefect();
        if (cursor.Token != JsonTokenType.StartArray)
        {
            cursor.EnterList(Fields.Results);
            return cursor.Result(0);
        }

        var start = cursor.Position;
        var envelope = PassEnvelope(ref cursor);
        var faults = ReadElements(record, start, position, batch, out var more);
        if (envelope.Reason == DefectReason.DuplicateKey) batch.Rewind(mark);
        else if (faults is not null) return new ParseResult(batch.Count - mark.Count, faults[0].Defect, faults, more);
        return new ParseResult(batch.Count - mark.Count, envelope);
    }

    /// <summary>Goes over the rest of the page without a look into its elements.</summary>
    private static Defect PassEnvelope(ref JsonCursor cursor)
    {
        cursor.Once(Fields.Results);
        try
        {
            cursor.Skip();
            while (cursor.NextMember(out var name))
            {
                if (name.SequenceEqual("results"u8)) cursor.Once(Fields.Results);
                cursor.Skip();
            }

            cursor.Read();
            return cursor.Defect;
        }
        catch (Exception exception) when (JsonFault.IsExpected(exception))
        {
            return JsonFault.Describe(exception, cursor);
        }
    }

    /// <summary>Reads the elements of the list that begins there, each by itself; null where none is faulty.</summary>
    /// <param name="more">Faulty elements that the list does not have: a page may hold millions.</param>
    private List<ElementFault>? ReadElements(ReadOnlySpan<byte> record, int start, in SourcePosition position, EventBatch batch, out int more)
    {
        more = 0;
        List<ElementFault>? faults = null;
        _elements.Reset();
        var index = 0;
        for (var at = start; at < record.Length;)
        {
            var frame = _elements.Next(record[at..], isComplete: true);
            if (frame.Kind is FrameKind.Record or FrameKind.TooLong)
            {
                var fault = frame.Kind == FrameKind.Record ? ReadElement(record.Slice(at, frame.Length), position, batch, index) : TooLong;
                if (!fault.IsNone && faults?.Count == ParseResult.MostElements) more++;
                else if (!fault.IsNone) (faults ??= []).Add(new ElementFault(index, at, fault));
                index++;
            }
            else if (frame.Consumed == 0 || record.Slice(at, frame.Consumed).Contains((byte)']'))
            {
                break;
            }

            at += frame.Consumed;
        }

        return faults;
    }

    private Defect ReadElement(ReadOnlySpan<byte> element, in SourcePosition position, EventBatch batch, int index)
    {
        if (element[0] != '{') return new Defect(DefectReason.WrongType, 0, Fields.Result.NotObject);
        var mark = batch.Here;
        var cursor = new JsonCursor(element, batch);
        var fault = default(Defect);
        try
        {
            cursor.Read();
            ref var added = ref batch.Add(position);
            var draft = new AuthentikDraft();
            while (cursor.NextMember(out var name)) AuthentikMembers.Read(ref cursor, name, ref added, ref draft, batch);
            cursor.Read();
            if (IsOurs(batch, draft))
            {
                batch.Rewind(mark);
                return default;
            }

            Complete(ref cursor, element, position, batch, ref added, ref draft, index);
            fault = cursor.Defect;
        }
        catch (Exception exception) when (JsonFault.IsExpected(exception))
        {
            fault = JsonFault.Describe(exception, cursor);
        }

        if (!fault.IsNone) batch.Rewind(mark);
        return fault;
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
        var isOfNobody = added.SubjectName.IsEmpty && added.SubjectId.IsEmpty;
        if (isOfNobody && added.Kind != EventKind.Other) cursor.Fail(DefectReason.MissingField, -1, Fields.UserMissing);
        else if (added.SubjectId.IsEmpty && isFailure) Finish.HideName(batch, ref added);
    }

    private static SliceRange One(EventBatch batch, Slice text) => new(batch.AppendToList(text), 1);
}
