using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Challenges in PostgreSQL, as <see cref="IChallengeStore"/> tells of them.</summary>
internal static class PgChallenges
{
    private const long DayMilliseconds = 86_400_000;

    private const string Select = "SELECT id, issued_at, origin, failed, subject, request, pair, named_pair, event, outcome FROM challenges";

    /// <summary>Writes challenges and adds logins with the next flush; a challenge of which the outcome is stored stays as it is, and one whose subject was erased nobody's.</summary>
    /// <remarks>In the order of their numbers, so that two replicas which write the same ones wait for each other in one order.</remarks>
    public static void SaveLater(PgSession session, IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins)
    {
        foreach (var challenge in challenges.OrderBy(each => each.Id))
        {
            var isOpen = challenge.Outcome == ChallengeOutcome.Open;
            session.Later(
                """
                INSERT INTO challenges (id, issued_at, origin, outcome, failed, subject, request, pair, named_pair, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, failed = challenges.failed OR excluded.failed, changed = now(),
                    (subject, request, pair, named_pair, event) = (
                        SELECT excluded.subject, excluded.request, excluded.pair, excluded.named_pair, coalesce(excluded.event, challenges.event)
                        WHERE challenges.subject IS NOT NULL OR excluded.subject IS NULL)
                WHERE challenges.outcome = 0
                """,
                challenge.Id, challenge.IssuedAt.UnixMilliseconds, (short)challenge.Origin, (short)challenge.Outcome, challenge.HasFailed, challenge.Subject is { } subject ? PgKey.Of(subject) : null,
                isOpen ? Key(challenge.Request) : null, isOpen ? Key(challenge.Pair.ById) : null, isOpen ? Key(challenge.Pair.ByName) : null, Key(challenge.Event));
        }

        foreach (var (day, count) in logins.OrderBy(each => each.Key)) session.Later("INSERT INTO login_days (day, logins) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET logins = login_days.logins + excluded.logins", day, count);
    }

    public static async Task<IReadOnlyList<Challenge>> OpenAsync(PgSession session) => await session.QueryAsync($"{Select} WHERE outcome = 0 ORDER BY issued_at", Read);

    /// <summary>Challenges that changed within a time, by the clock of the server.</summary>
    public static async Task<IReadOnlyList<Challenge>> ChangedAsync(PgSession session, TimeSpan within) => await session.QueryAsync($"{Select} WHERE changed > now() - $1 ORDER BY changed", Read, within);

    /// <summary>The same of notes, the newest <see cref="SharedChallengeFeed.MostNotes"/> at most.</summary>
    public static async Task<IReadOnlyList<ChallengeNote>> NotesAsync(PgSession session, TimeSpan within) => await session.QueryAsync(
        "SELECT kind, key, at FROM (SELECT * FROM challenge_notes WHERE changed > now() - $1 ORDER BY changed DESC LIMIT $2) AS newest ORDER BY changed",
        row => new ChallengeNote((ChallengeNoteKind)row.GetInt16(0), PgKey.From(row.GetGuid(1)), new EventTime(row.GetInt64(2))), within, SharedChallengeFeed.MostNotes);

    /// <summary>Writes notes, each in the place of an older one on the same; in one order, so that two replicas do not wait for each other.</summary>
    public static Task<int> NoteAsync(PgSession session, IReadOnlyCollection<ChallengeNote> notes)
    {
        var newest = notes.GroupBy(note => (note.Kind, note.Key)).Select(same => same.MaxBy(note => note.At.UnixMilliseconds)).OrderBy(note => (note.Kind, note.Key)).ToList();
        return session.ExecuteAsync(
            """
            INSERT INTO challenge_notes (kind, key, at) SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::bigint[])
            ON CONFLICT (kind, key) DO UPDATE SET at = greatest(challenge_notes.at, excluded.at), changed = now()
            """,
            newest.Select(note => (short)note.Kind).ToArray(), newest.Select(note => PgKey.Of(note.Key)).ToArray(), newest.Select(note => note.At.UnixMilliseconds).ToArray());
    }

    public static async Task<ChallengeCounts> CountAsync(PgSession session, int day)
    {
        var since = day * DayMilliseconds;
        var first = (await session.QueryAsync(
            "SELECT least((SELECT min(day)::bigint FROM login_days), (SELECT min(issued_at) / 86400000 FROM challenges))", row => row.IsDBNull(0) ? (int?)null : (int)row.GetInt64(0)))[0];
        var logins = await session.ScalarAsync<long>("SELECT sum(logins)::bigint FROM login_days WHERE day >= $1", day);
        var compromised = await session.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT DISTINCT ON (tenant, event_id) label FROM feedback WHERE at >= $1 ORDER BY tenant, event_id, id DESC) AS last WHERE label = $2", since, (short)FeedbackLabel.Compromised);
        var counts = await session.QueryAsync(
            "SELECT origin, outcome, label, count(*) FROM challenges WHERE issued_at >= $1 GROUP BY origin, outcome, label ORDER BY origin, outcome, label NULLS FIRST",
            row => new ChallengeCount((ChallengeOrigin)row.GetInt16(0), (ChallengeOutcome)row.GetInt16(1), row.IsDBNull(2) ? null : (FeedbackLabel)row.GetInt16(2), row.GetInt64(3)), since);
        return new ChallengeCounts(first, logins, compromised, counts);
    }

    /// <summary>Notes what a person said of an event on the challenge that it belongs to; a word taken back is none.</summary>
    public static Task LabelAsync(PgSession session, UInt128 eventKey, FeedbackLabel label) =>
        session.ExecuteAsync("UPDATE challenges SET label = $2::smallint WHERE event = $1", PgKey.Of(eventKey), label == FeedbackLabel.Dismissed ? null : (short)label);

    /// <summary>Makes the challenges of subjects nobody's. All notes go: they are known to every replica a second after they were written.</summary>
    public static async Task EraseAsync(PgSession session, Guid[] subjects)
    {
        await session.ExecuteAsync("UPDATE challenges SET subject = NULL, request = NULL, pair = NULL, named_pair = NULL, event = NULL, changed = now() WHERE subject = ANY($1)", subjects);
        await session.ExecuteAsync("DELETE FROM challenge_notes");
    }

    /// <summary>Removes what is too old, or too much.</summary>
    public static async Task<int> TidyAsync(PgSession session, EventTime oldest)
    {
        await session.ExecuteAsync("DELETE FROM login_days WHERE day < $1", (int)oldest.UnixDays);
        await session.ExecuteAsync("DELETE FROM challenge_notes WHERE changed < now() - $1", SharedChallengeFeed.NoteAge);
        return await session.ExecuteAsync(
            "DELETE FROM challenges WHERE issued_at < $1 OR id IN (SELECT id FROM challenges ORDER BY issued_at DESC OFFSET $2)", oldest.UnixMilliseconds, IChallengeStore.Capacity);
    }

    private static Challenge Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        IssuedAt = new EventTime(row.GetInt64(1)),
        Origin = (ChallengeOrigin)row.GetInt16(2),
        HasFailed = row.GetBoolean(3),
        Subject = row.IsDBNull(4) ? null : PgKey.From(row.GetGuid(4)),
        Request = Key(row, 5),
        Pair = (Key(row, 6), Key(row, 7)),
        Event = Key(row, 8),
        Outcome = (ChallengeOutcome)row.GetInt16(9),
    };

    private static UInt128 Key(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : PgKey.From(row.GetGuid(column));

    private static object? Key(UInt128 key) => key == 0 ? null : PgKey.Of(key);
}
