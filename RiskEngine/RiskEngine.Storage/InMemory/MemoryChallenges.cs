using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Challenges in memory, as the SQLite store keeps them.</summary>
/// <param name="compromised">Counts events of which the last word is <c>compromised</c>, said since then.</param>
internal sealed class MemoryChallenges(Func<EventTime, long> compromised) : IChallengeStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, (Challenge Challenge, FeedbackLabel? Label)> _byId = [];
    private readonly SortedDictionary<int, long> _logins = [];

    public ValueTask SaveAsync(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins, CancellationToken cancellationToken)
    {
        Save(challenges, logins);
        return ValueTask.CompletedTask;
    }

    public void Save(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins)
    {
        lock (_gate)
        {
            foreach (var challenge in challenges.Where(each => !_byId.TryGetValue(each.Id, out var known) || known.Challenge.Outcome == ChallengeOutcome.Open)) _byId[challenge.Id] = (challenge.Outcome == ChallengeOutcome.Open ? challenge : challenge with { Request = 0, Pair = default }, _byId.GetValueOrDefault(challenge.Id).Label);
            foreach (var (day, count) in logins) _logins[day] = _logins.GetValueOrDefault(day) + count;
            if (_byId.Count <= IChallengeStore.Capacity) return;
            foreach (var old in _byId.Values.OrderBy(each => each.Challenge.IssuedAt.UnixMilliseconds).Take(_byId.Count - (IChallengeStore.Capacity / 20 * 19)).ToList()) _byId.Remove(old.Challenge.Id);
        }
    }

    public ValueTask<IReadOnlyList<Challenge>> ReadOpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<Challenge>>([.. from each in _byId.Values where each.Challenge.Outcome == ChallengeOutcome.Open orderby each.Challenge.IssuedAt.UnixMilliseconds select each.Challenge]);
    }

    public ValueTask<ChallengeCounts> CountAsync(int day, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            int[] days = [.. _logins.Keys.Take(1), .. _byId.Values.Select(each => (int)each.Challenge.IssuedAt.UnixDays)];
            return ValueTask.FromResult(new ChallengeCounts(
                days.Length == 0 ? null : days.Min(), _logins.Where(each => each.Key >= day).Sum(each => each.Value), compromised(EventTime.FromUnixSeconds((uint)day * 86_400u)),
                [
                    .. from each in _byId.Values
                       where each.Challenge.IssuedAt.UnixDays >= day
                       group each by (each.Challenge.Origin, each.Challenge.Outcome, each.Label) into same
                       orderby same.Key
                       select new ChallengeCount(same.Key.Origin, same.Key.Outcome, same.Key.Label, same.LongCount()),
                ]));
        }
    }

    /// <summary>Notes what a person said of an event on the challenge that it belongs to; a word taken back is none.</summary>
    public void Label(UInt128 eventKey, FeedbackLabel label)
    {
        lock (_gate)
        {
            foreach (var (challenge, _) in _byId.Values.Where(each => each.Challenge.Event == eventKey).ToList()) _byId[challenge.Id] = (challenge, label == FeedbackLabel.Dismissed ? null : label);
        }
    }

    /// <summary>Makes a subject's challenges nobody's.</summary>
    public void Erase(UInt128 handle)
    {
        lock (_gate)
        {
            foreach (var (challenge, label) in _byId.Values.Where(each => each.Challenge.Subject == handle).ToList())
                _byId[challenge.Id] = (challenge with { Subject = null, Request = 0, Pair = default, Event = 0 }, label);
        }
    }
}
