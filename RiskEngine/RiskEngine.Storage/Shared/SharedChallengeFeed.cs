using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>What replicas tell each other of challenges: the challenges that changed, and notes on sessions and on who passed.</summary>
/// <remarks>
/// Who reads gets what changed lately, much of it several times, and takes that without harm. Each reading is one short look at PostgreSQL, each writing one statement. Used by one at a time.
/// </remarks>
public sealed class SharedChallengeFeed
{
    /// <summary>For how long a note counts: as long as somebody is challenged for one cause.</summary>
    public static readonly TimeSpan NoteAge = TimeSpan.FromHours(12);

    /// <summary>Notes that are read at once, the newest of what there is: twice as many as anybody remembers.</summary>
    public const int MostNotes = 65_536;

    private readonly PgDatabase _database;
    private readonly TimeProvider _time;
    private readonly TimeSpan _overlap;
    private long? _lastRead;

    /// <param name="patience">How long an answer of PostgreSQL is waited for; no transaction lasts several times as long.</param>
    internal SharedChallengeFeed(PgDatabase database, TimeSpan patience, TimeProvider time) => (_database, _overlap, _time) = (database, 3 * patience, time);

    /// <summary>What changed since the last reading, and at the first one what counts at all.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be asked; the next reading brings it.</exception>
    public async Task<(IReadOnlyList<Challenge> Challenges, IReadOnlyList<ChallengeNote> Notes)> ReadAsync(CancellationToken cancellation)
    {
        var now = _time.GetTimestamp();
        var since = _lastRead is { } last ? _time.GetElapsedTime(last, now) + _overlap : NoteAge;
        var news = await _database.ReadAsync(async session => (await PgChallenges.ChangedAsync(session, since), await PgChallenges.NotesAsync(session, since)), cancellation);
        _lastRead = now;
        return news;
    }

    /// <summary>Tells the other replicas.</summary>
    /// <exception cref="StateStoreException">PostgreSQL did not take it.</exception>
    public Task WriteAsync(IReadOnlyCollection<ChallengeNote> notes, CancellationToken cancellation) =>
        notes.Count == 0 ? Task.CompletedTask : _database.ChangeAsync(session => PgChallenges.NoteAsync(session, notes), cancellation);
}
