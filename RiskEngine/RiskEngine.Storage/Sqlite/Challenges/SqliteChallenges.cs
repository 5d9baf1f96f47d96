using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite.Challenges;

/// <summary>Challenges in the file: changes go with the writer's transactions.</summary>
internal sealed class SqliteChallenges(SqliteReaders readers, IChangeHost host) : IChallengeStore
{
    public async ValueTask SaveAsync(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await host.RunAsync(
            session =>
            {
                foreach (var challenge in challenges) session.Challenges.Put(challenge);
                foreach (var (day, count) in logins) session.Challenges.AddLogins(day, count);
                return true;
            },
            _ => { });
    }

    public async ValueTask<IReadOnlyList<Challenge>> ReadOpenAsync(CancellationToken cancellationToken) => await QueryAsync(
        0, (reader, _) => reader.Database.Query("SELECT id, issued_at, origin, failed, subject, request, pair, named_pair, event FROM challenges WHERE outcome = 0 ORDER BY issued_at", Read), cancellationToken);

    public async ValueTask<ChallengeCounts> CountAsync(int day, CancellationToken cancellationToken) => await QueryAsync(day, Count, cancellationToken);

    private static ChallengeCounts Count(SqliteReader reader, int day)
    {
        var database = reader.Database;
        var since = EventTime.FromUnixSeconds((uint)day * 86_400u).UnixMilliseconds;
        var first = database.Query("SELECT min(day), (SELECT min(issued_at) FROM challenges) FROM login_days", row => (Login: row.IsNull(0) ? (long?)null : row.Integer(0), Challenge: row.IsNull(1) ? (long?)null : row.Integer(1) / 86_400_000))[0];
        return new ChallengeCounts(
            (int?)(first.Login is { } login && first.Challenge is { } challenge ? Math.Min(login, challenge) : first.Login ?? first.Challenge),
            database.Number("SELECT sum(logins) FROM login_days WHERE day >= ?", day),
            database.Number("SELECT count(*) FROM (SELECT label, max(id) FROM feedback WHERE at >= ? GROUP BY tenant, event_id) WHERE label = ?", since, (int)FeedbackLabel.Compromised),
            database.Query(
                "SELECT origin, outcome, label, count(*) FROM challenges WHERE issued_at >= ? GROUP BY origin, outcome, label ORDER BY origin, outcome, label",
                row => new ChallengeCount((ChallengeOrigin)row.Integer(0), (ChallengeOutcome)row.Integer(1), row.IsNull(2) ? null : (FeedbackLabel)row.Integer(2), row.Integer(3)), since));
    }

    private static Challenge Read(SqliteStatement row) => new()
    {
        Id = row.Integer(0),
        IssuedAt = new EventTime(row.Integer(1)),
        Origin = (ChallengeOrigin)row.Integer(2),
        HasFailed = row.Integer(3) != 0,
        Subject = row.IsNull(4) ? null : Key(row, 4),
        Request = Key(row, 5),
        Pair = (Key(row, 6), Key(row, 7)),
        Event = Key(row, 8),
    };

    private static UInt128 Key(SqliteStatement row, int column) => row.IsNull(column) ? 0 : BinaryPrimitives.ReadUInt128BigEndian(row.Blob(column));

    private Task<T> QueryAsync<TArgument, T>(TArgument argument, Func<SqliteReader, TArgument, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => readers.Read(StoreOperation.Query, argument, read), cancellationToken);
}
