using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite.Challenges;

/// <summary>Writes challenges, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. After a failed transaction it is thrown away with its connection, so that its count is that of the file.</remarks>
internal sealed class ChallengeTable(SqliteDatabase database)
{
    private const int PerSlice = 500;

    private long _count = database.Number("SELECT count(*) FROM challenges");

    /// <summary>Writes a challenge; one of which the outcome is stored stays as it is.</summary>
    public void Put(Challenge challenge)
    {
        var isOpen = challenge.Outcome == ChallengeOutcome.Open;
        database.Execute("INSERT OR IGNORE INTO challenges (id, issued_at, origin, outcome, failed) VALUES (?, ?, ?, 0, 0)", challenge.Id, challenge.IssuedAt.UnixMilliseconds, (int)challenge.Origin);
        _count += database.Changes;
        database.Execute(
            "UPDATE challenges SET outcome = ?, failed = ?, subject = ?, request = ?, pair = ?, named_pair = ?, event = ? WHERE id = ? AND outcome = 0",
            (int)challenge.Outcome, challenge.HasFailed ? 1 : 0, challenge.Subject is { } subject ? RecordWriter.BytesOf(subject) : null, isOpen ? Key(challenge.Request) : null,
            isOpen ? Key(challenge.Pair.ById) : null, isOpen ? Key(challenge.Pair.ByName) : null, Key(challenge.Event), challenge.Id);
    }

    public void AddLogins(int day, long logins) =>
        database.Execute("INSERT INTO login_days (day, logins) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET logins = logins + excluded.logins", day, logins);

    /// <summary>Notes what a person said of an event on the challenge that it belongs to; a word taken back is none.</summary>
    public void Label(UInt128 eventKey, FeedbackLabel label) =>
        database.Execute("UPDATE challenges SET label = ? WHERE event = ?", label == FeedbackLabel.Dismissed ? null : (int)label, RecordWriter.BytesOf(eventKey));

    /// <summary>Makes a subject's challenges nobody's.</summary>
    public void Erase(UInt128 handle) =>
        database.Execute("UPDATE challenges SET subject = NULL, request = NULL, pair = NULL, named_pair = NULL, event = NULL WHERE subject = ?", RecordWriter.BytesOf(handle));

    /// <summary>Removes a slice of what is too old, or too much.</summary>
    public void Tidy(EventTime oldest)
    {
        if (_count == 0) return;
        var most = Math.Clamp(_count - IChallengeStore.Capacity, 0, PerSlice);
        database.Execute("DELETE FROM challenges WHERE id IN (SELECT id FROM challenges ORDER BY issued_at LIMIT ?)", most);
        _count -= database.Changes;
        database.Execute("DELETE FROM challenges WHERE id IN (SELECT id FROM challenges WHERE issued_at < ? ORDER BY issued_at LIMIT ?)", oldest.UnixMilliseconds, PerSlice);
        _count -= database.Changes;
        database.Execute("DELETE FROM login_days WHERE day < ?", (long)oldest.UnixDays);
    }

    /// <summary>Makes all of them nobody's, under numbers that say nothing: what they were hashed from is not kept, so they cannot be hashed anew.</summary>
    public static void Unname(SqliteDatabase database) => database.Execute(
        """
        CREATE TEMP TABLE kept AS SELECT issued_at, origin, outcome, failed, label FROM challenges WHERE outcome <> 0;
        DELETE FROM challenges;
        INSERT INTO challenges (issued_at, origin, outcome, failed, label) SELECT * FROM kept;
        DROP TABLE kept
        """);

    private static byte[]? Key(UInt128 key) => key == 0 ? null : RecordWriter.BytesOf(key);
}
