using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Polls authentik's sessions and tells where each was seen: <c>session_seen</c>.</summary>
/// <remarks>
/// A session is told when it is new here, when its address or browser changed, and otherwise once an hour while it is used. Its id is hashed, as every
/// session id. The id of an event is made of the session and of when it was used, so that what is told again after a restart is a repeat. Reads all pages,
/// 5,000 sessions at most; one that pages hid from each other is seen at the next poll. Sessions at rest for a day are not told. Not thread-safe.
/// </remarks>
public sealed class AuthentikSessionCollector(AuthentikCollectorSettings settings, FormatContext context, AuthentikClient client)
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    private readonly TimeRange _times = new(context);
    private readonly EventBatch _batch = new();
    private readonly List<RejectedRecord> _rejected = [];
    private Dictionary<string, Seen> _seen = [];
    private long _row;

    private readonly record struct Seen(UInt128 Where, EventTime Told);

    /// <summary>Tells what is new.</summary>
    public async Task<PollResult> PollAsync(TakeRows take, CancellationToken cancellation)
    {
        var seen = new Dictionary<string, Seen>();
        _batch.Clear();
        _rejected.Clear();
        long waiting = 0;
        for (var number = 1; number <= settings.PagesPerPoll; number++)
        {
            var (page, fault) = await client.GetAsync($"core/authenticated_sessions/?page={number}&page_size={settings.PageSize}", cancellation).ConfigureAwait(false);
            if (fault is not null) return new PollResult(0, 0, fault);
            foreach (var row in page!.Rows) Read(row, seen);
            waiting = page.Behind(number);
            if (page.Next == 0) break;
        }

        if (_batch.Count + _rejected.Count > 0) await take(_batch, _rejected, null, cancellation).ConfigureAwait(false);
        _seen = seen;
        return new PollResult(_batch.Count, 0, waiting == 0 ? null : new PollFault(PollFailure.TooLarge, $"there are {waiting} sessions more than one poll reads; these are not looked at"));
    }

    private void Read(in AuthentikRow row, Dictionary<string, Seen> seen)
    {
        if (row.Key.Length is 0 or > 64 || row.Time == default || _times.Now - row.Time > Rest || !_times.Check(row.Time, 0).IsNone) return;
        var mark = _batch.Here;
        ref var added = ref _batch.Add(new SourcePosition(0, 0, _row++));
        var fault = Read(row.Json.Span, ref added);
        var where = context.Hash.Hash([.. Encoding.UTF8.GetBytes(added.SourceIp.ToString()), 0, .. _batch.Text(added.UserAgent)]);
        var isKnown = _seen.TryGetValue(row.Key, out var before) && before.Where == where;
        var isTold = isKnown && row.Time - before.Told < Again;
        if (fault.IsNone && !isTold)
        {
            added.Kind = EventKind.SessionSeen;
            added.OccurredAt = row.Time;
            added.Session = context.SessionOf(Encoding.UTF8.GetBytes(row.Key));
            added.Id = _batch.Append(Encoding.UTF8.GetBytes($"session-{row.Key}-{row.Time.UnixMilliseconds}"));
            seen[row.Key] = new Seen(where, row.Time);
            return;
        }

        _batch.Rewind(mark);
        seen[row.Key] = isTold ? before : new Seen(where, row.Time);
        // A faulty session is told once, as a good one is.
        if (!fault.IsNone && !isKnown) _rejected.Add(new RejectedRecord(_row, 0, _row, fault));
    }

    private Defect Read(ReadOnlySpan<byte> json, ref LoginEvent added)
    {
        var cursor = new JsonCursor(json, _batch);
        try
        {
            ReadMembers(ref cursor, ref added);
            return cursor.Defect;
        }
        catch (Exception exception) when (JsonFault.IsExpected(exception))
        {
            return JsonFault.Describe(exception, cursor);
        }
    }

    private static void ReadMembers(ref JsonCursor cursor, ref LoginEvent added)
    {
        cursor.Read();
        while (cursor.NextMember(out var name))
        {
            if (name.SequenceEqual("user"u8)) added.SubjectId = cursor.TextOrInteger(AuthentikFields.UserPk);
            else if (name.SequenceEqual("last_ip"u8)) added.SourceIp = cursor.Address(AuthentikFields.ClientIp);
            else if (name.SequenceEqual("last_user_agent"u8)) added.UserAgent = cursor.TextCut(AuthentikFields.UserAgent);
            else cursor.Skip();
        }

        if (added.SubjectId.IsEmpty) cursor.Fail(DefectReason.MissingField, -1, AuthentikFields.UserMissing);
    }
}
