using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Challenges and what became of them, and how many logins there were beside: what a rate of false challenges is made of.</summary>
/// <remarks>
/// Bounded: <see cref="Capacity"/> challenges, the oldest go first, and none is older than events are kept. What a person says of an event
/// (<see cref="IRecordStore.AddFeedbackAsync"/>) is noted on the challenge that names it, in the same transaction. Erasing a subject
/// leaves its challenges as counts that are nobody's. A commit stores those among its effects in its own transaction. Thread-safe.
/// </remarks>
public interface IChallengeStore
{
    /// <summary>Challenges that are kept at most.</summary>
    const int Capacity = 100_000;

    /// <summary>Stores challenges, each in the place of the one with its number unless the outcome of that is stored, and adds to the logins of days, all or nothing.</summary>
    /// <param name="logins">Successful logins by day, in days since 1970.</param>
    ValueTask SaveAsync(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins, CancellationToken cancellationToken);

    /// <summary>Challenges of which nobody knows yet what became of them.</summary>
    ValueTask<IReadOnlyList<Challenge>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>Counts from the beginning of a day on.</summary>
    /// <param name="day">Days since 1970.</param>
    ValueTask<ChallengeCounts> CountAsync(int day, CancellationToken cancellationToken);
}

/// <param name="FirstDay">The first day of which anything is stored, in days since 1970; null where nothing is.</param>
/// <param name="Logins">Successful logins.</param>
/// <param name="Compromised">Events of which the last word of people is <c>compromised</c>, said in that time.</param>
public sealed record ChallengeCounts(int? FirstDay, long Logins, long Compromised, IReadOnlyList<ChallengeCount> Challenges);

/// <param name="Label">The last word of people on the event; null for none, and where it was taken back.</param>
public readonly record struct ChallengeCount(ChallengeOrigin Origin, ChallengeOutcome Outcome, FeedbackLabel? Label, long Count);
