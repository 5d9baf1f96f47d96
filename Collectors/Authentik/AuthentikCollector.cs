using System.Globalization;
using System.Security.Cryptography;
using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Polls authentik's events, oldest first.</summary>
/// <remarks>
/// <para>
/// At least once, in the order of <c>created</c>: rows of a page are handed over together with the cursor behind them, and the next poll begins an
/// overlap before it, because authentik dates a row before it commits it. An overlap of more pages than a poll reads is read as far as that, and then the
/// poll goes on at the cursor: what was committed late is found as the overlap moves on, and a burst holds nothing up. Rows told before are told apart by their <c>pk</c>, here by memory, after a
/// restart by the store. A poll that fails leaves the cursor where the last whole page put it. A row further in the future than clocks may differ waits
/// for its time and holds up no other: it comes with every poll until then, and the cursor never gets ahead of our clock.
/// </para>
/// <para>
/// The API has no filter by time. Where it understands AKQL (2026.5 and later, before with a licence) a search by <c>created</c> is one: whether it does
/// is found out by asking for a row that is known to be there, at the first poll and whenever the last row taken does not come again, because a query that
/// is not understood is no error there but a search for its words. Elsewhere pages are walked from the newest back to the last row known, or, when that is
/// too far, from the page that a search by halves finds. Not thread-safe.
/// </para>
/// </remarks>
public sealed class AuthentikCollector(AuthentikCollectorSettings settings, FormatContext context, AuthentikClient client, AuthentikCursor? cursor)
{
    private const string Events = "events/events/?actions=login&actions=login_failed&actions=logout&actions=password_set&actions=user_write"
        + "&actions=suspicious_request&actions=impersonation_started&actions=model_created";

    private const int Restarts = 3;

    /// <summary>Pages behind the cursor that bring nothing new and do not count, as a multiple of those of a poll: many rows of one moment.</summary>
    private const int KnownPages = 10;

    private readonly IEventFormat _format = new AuthentikFormat(context);
    private readonly Dictionary<string, EventTime> _recent = [];
    private readonly EventBatch _batch = new();
    private readonly List<RejectedRecord> _rejected = [];
    private readonly TimeRange _times = new(context);
    private readonly EventTime _beginning = EventTime.From(context.Clock.GetUtcNow() - settings.Backfill);
    private HashSet<string> _ahead = [];
    private long _row;

    /// <summary>Gets how rows are found: by AKQL, by walking pages, or null while that is not known.</summary>
    public bool? IsQuerying { get; private set; }

    /// <summary>Gets how far events have been taken; null for not at all.</summary>
    public AuthentikCursor? Cursor { get; private set; } = cursor;

    /// <summary>Takes what is new.</summary>
    public async Task<PollResult> PollAsync(TakeRows take, CancellationToken cancellation)
    {
        var poll = new AuthentikPoll(take, cancellation) { IsInOverlap = Cursor is not null, Spare = KnownPages * settings.PagesPerPoll };
        if (IsQuerying is null && await ProbeAsync(poll).ConfigureAwait(false) is { } unknown) return poll.End(unknown);
        if (IsQuerying == true && await QueryAsync(poll).ConfigureAwait(false) is { } fault) return poll.End(fault);
        if (IsQuerying == false && await WalkAsync(poll).ConfigureAwait(false) is { } stopped) return poll.End(stopped);
        var ahead = poll.Ahead.Count(key => !_ahead.Contains(key));
        _ahead = poll.Ahead;
        return poll.End(null) with { Ahead = ahead };
    }

    /// <summary>Finds out whether AKQL is understood: the newest row, asked for by its time, has to come.</summary>
    private async Task<PollFault?> ProbeAsync(AuthentikPoll poll)
    {
        var (newest, fault) = await GetAsync(poll, $"{Events}&ordering=-created&page=1", pageSize: 1).ConfigureAwait(false);
        if (fault is not null || newest!.Rows is not [var known, ..]) return fault;
        var (key, time) = (known.Key, known.Time);
        var (found, refused) = await GetAsync(poll, Query(time, 1)).ConfigureAwait(false);
        if (refused is { Failure: PollFailure.UnexpectedStatus })
        {
            // A 400: this version knows the parameter and refuses what stands in it.
            IsQuerying = false;
            return null;
        }

        if (refused is not null) return refused;
        IsQuerying = found!.Rows.Any(row => row.Key == key) && IsWithin(found, time);
        return null;
    }

    private async Task<PollFault?> QueryAsync(AuthentikPoll poll)
    {
        var (since, last, restarts, isLastSeen) = (Since(poll), Cursor?.Key, 0, Cursor is null);
        long count = 0;
        for (var number = 1; poll.MayGoOn(settings); number++)
        {
            var (page, fault) = await GetAsync(poll, Query(since, number)).ConfigureAwait(false);
            if (fault is not null) return fault;
            if (!IsWithin(page!, since)) return Distrust();
            isLastSeen |= page!.Rows.Any(row => row.Key == last);
            if (page.Count < count)
            {
                // Rows were deleted and the others moved up: what was on the next page may be on one that was read.
                if (++restarts > Restarts) return Changing();
                (since, last, number, count) = (Since(poll), Cursor?.Key, 0, 0);
                continue;
            }

            count = page.Count;
            if (await TakeAsync(poll, page, number, page.Rows).ConfigureAwait(false)) return isLastSeen ? null : await CheckAsync(poll).ConfigureAwait(false);
            if (!poll.MayGoOn(settings) && poll.LeaveOverlap()) (since, number, count) = (Since(poll), 0, 0);
        }

        return null;
    }

    /// <summary>The row taken last did not come again: it was deleted, or the query is no longer understood.</summary>
    private async Task<PollFault?> CheckAsync(AuthentikPoll poll)
    {
        IsQuerying = null;
        return await ProbeAsync(poll).ConfigureAwait(false);
    }

    private PollFault? Distrust()
    {
        IsQuerying = false;
        return null;
    }

    /// <summary>Walks from the newest row back to the first that is not wanted, and takes all of them oldest first.</summary>
    private async Task<PollFault?> WalkAsync(AuthentikPoll poll)
    {
        for (var attempt = 0; attempt <= Restarts; attempt++)
        {
            var (since, rows) = (Since(poll), new List<AuthentikRow>());
            long count = 0;
            var isChanged = false;
            for (var number = 1; !isChanged; number++)
            {
                var (page, fault) = await GetAsync(poll, $"{Events}&ordering=-created&page={number}").ConfigureAwait(false);
                if (fault is not null) return fault;
                rows.AddRange(page!.Rows.Select(row => row with { Json = row.Json.ToArray() }));
                isChanged = page.Count < count;
                count = page.Count;
                if (isChanged) continue;
                if (page.Next == 0 || (page.Rows.Count > 0 && page.Rows[^1].Time < since))
                {
                    rows.Reverse();
                    await TakeAsync(poll, [.. rows.Where(row => row.Time >= since || row.Time == default)]).ConfigureAwait(false);
                    return null;
                }

                // Too far to hold in memory: from the oldest side, page by page.
                if (number * 2 >= settings.PagesPerPoll) return await ClimbAsync(poll, page.TotalPages).ConfigureAwait(false);
            }
        }

        return Changing();
    }

    /// <summary>Finds by halves the page, oldest first, on which the rows that are wanted begin, and reads on from there.</summary>
    private async Task<PollFault?> ClimbAsync(AuthentikPoll poll, int pages)
    {
        var since = Since(poll);
        var (low, high) = (1, Math.Max(pages, 1));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var (page, fault) = await GetAsync(poll, $"{Events}&ordering=created&page={middle}").ConfigureAwait(false);
            if (fault is not null) return fault;
            if (page!.Rows.Count > 0 && page.Rows[0].Time < since) low = middle;
            else high = middle - 1;
        }

        long count = 0;
        poll.Pages = 0;
        for (var number = low; poll.MayGoOn(settings); number++)
        {
            var (page, fault) = await GetAsync(poll, $"{Events}&ordering=created&page={number}").ConfigureAwait(false);
            if (fault is not null) return fault;
            if (page!.Count < count) return Changing();
            count = page.Count;
            if (await TakeAsync(poll, page, number, [.. page.Rows.Where(row => row.Time >= since || row.Time == default)]).ConfigureAwait(false)) return null;
        }

        return poll.LeaveOverlap() ? await ClimbAsync(poll, pages).ConfigureAwait(false) : null;
    }

    /// <summary>Where reading begins: an overlap before the cursor, or the cursor itself where the poll has read as much of the overlap as it may.</summary>
    private EventTime Since(AuthentikPoll poll) => Cursor is not { } known ? _beginning : poll.IsInOverlap ? known.Time - settings.Overlap : known.Time;

    /// <summary>Takes the rows of a page and notes what waits behind it; true where it was the last to be read.</summary>
    private async Task<bool> TakeAsync(AuthentikPoll poll, AuthentikPage page, int number, IReadOnlyList<AuthentikRow> rows)
    {
        var before = poll.Rows;
        await TakeAsync(poll, rows).ConfigureAwait(false);
        if (poll.Rows == before) poll.Forgive();
        var isEnd = page.Next == 0 || poll.Ahead.Count > 0;
        poll.Waiting = isEnd ? 0 : page.Behind(number);
        return isEnd;
    }

    /// <summary>Hands over the rows that were not taken before and whose time has come, with the cursor behind them.</summary>
    /// <remarks>Rows come in the order of time, so those behind one that is ahead are ahead as well, and further pages need not be read.</remarks>
    /// <param name="rows">Oldest first.</param>
    private async Task TakeAsync(AuthentikPoll poll, IReadOnlyList<AuthentikRow> rows)
    {
        _batch.Clear();
        _rejected.Clear();
        List<(string Key, EventTime Time)> taken = [];
        var (cursor, now) = (Cursor, _times.Now);
        foreach (var row in rows)
        {
            var key = KeyOf(row);
            if (_recent.ContainsKey(key) || taken.Exists(other => other.Key == key)) continue;
            var parsed = _format.Parse(row.Json.Span, new SourcePosition(0, 0, _row), _batch);
            if (parsed.Defect.Reason == DefectReason.InFuture)
            {
                poll.Ahead.Add(key);
                continue;
            }

            if (parsed.IsFaulty) _rejected.Add(new RejectedRecord(_row + 1, 0, _row, parsed.Defect));
            _row++;
            taken.Add((key, row.Time));
            // Where one clock of several is ahead, the rows of the others are still to come.
            if (row.Time != default && (cursor is null || row.Time >= cursor.Time)) cursor = new AuthentikCursor(row.Time < now ? row.Time : now, key);
        }

        if (taken.Count == 0) return;
        await poll.Take(_batch, _rejected, (cursor ?? new AuthentikCursor(_beginning, "-")).ToText(settings.Url), poll.Cancellation).ConfigureAwait(false);
        (Cursor, poll.Rows) = (cursor, poll.Rows + taken.Count);
        foreach (var (key, time) in taken) _recent[key] = time == default ? Cursor?.Time ?? _beginning : time;
        Forget();
    }

    /// <summary>Forgets rows that no later poll asks for again.</summary>
    private void Forget()
    {
        var since = Cursor is { } known ? known.Time - (settings.Overlap * 2) : _beginning - settings.Overlap;
        foreach (var (key, time) in _recent)
        {
            if (time < since) _recent.Remove(key);
        }
    }

    private async Task<(AuthentikPage? Page, PollFault? Fault)> GetAsync(AuthentikPoll poll, string path, int? pageSize = null)
    {
        poll.Pages++;
        return await client.GetAsync($"{path}&page_size={(pageSize ?? settings.PageSize).ToString(CultureInfo.InvariantCulture)}", poll.Cancellation).ConfigureAwait(false);
    }

    /// <summary>The row's key, or what tells it apart where it has none that could be one.</summary>
    private static string KeyOf(in AuthentikRow row) =>
        row.Key.Length is > 0 and <= 64 && row.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? row.Key : Convert.ToHexString(SHA256.HashData(row.Json.Span));

    private static string Query(EventTime since, int page) =>
        $"{Events}&ordering=created&page={page}&search={Uri.EscapeDataString($"created >= \"{since.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}\"")}";

    /// <summary>Whether all rows are of the second asked for or later, as they are where the query was understood.</summary>
    private static bool IsWithin(AuthentikPage page, EventTime since) => page.Rows.All(row => row.Time == default || row.Time.UnixMilliseconds / 1000 >= since.UnixMilliseconds / 1000);

    private static PollFault Changing() => new(PollFailure.Changing, "rows were deleted while they were read; the poll begins again where it was");
}
