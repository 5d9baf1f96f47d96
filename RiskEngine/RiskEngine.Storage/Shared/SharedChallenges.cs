using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Challenges of all replicas. What others did is told by <see cref="SharedChallengeFeed"/>.</summary>
internal sealed class SharedChallenges(PgDatabase database) : IChallengeStore
{
    public async ValueTask SaveAsync(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.ChangeAsync(
            async session =>
            {
                PgChallenges.SaveLater(session, challenges, logins);
                await session.FlushAsync();
                return true;
            },
            CancellationToken.None);
    }

    public async ValueTask<IReadOnlyList<Challenge>> ReadOpenAsync(CancellationToken cancellationToken) => await database.ReadAsync(PgChallenges.OpenAsync, cancellationToken);

    public async ValueTask<ChallengeCounts> CountAsync(int day, CancellationToken cancellationToken) => await database.ReadAsync(session => PgChallenges.CountAsync(session, day), cancellationToken);
}
