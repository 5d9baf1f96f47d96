using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>Challenges of which nobody knows yet what became of them, found by request, by subject and address, and by when they are over. Not thread-safe.</summary>
internal sealed class OpenChallenges
{
    private readonly Dictionary<long, Challenge> _byId = [];
    private readonly Dictionary<UInt128, long> _byKey = [];
    private readonly PriorityQueue<long, long> _due = new();

    public int Count => _byId.Count;

    /// <summary>Gets how many ends are waited for: as many as are open.</summary>
    public int Awaited => _due.Count;

    /// <summary>The one with that number; null where it is not open.</summary>
    public Challenge? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>The one that any of these keys leads to, the first key first; 0 is no key.</summary>
    public Challenge? Find(UInt128 request, (UInt128 ById, UInt128 ByName) pair) => Find(request) ?? Find(pair.ById) ?? Find(pair.ByName);

    /// <param name="due">When it is over.</param>
    public void Add(Challenge challenge, EventTime due)
    {
        if (!_byId.TryAdd(challenge.Id, challenge)) return;
        _due.Enqueue(challenge.Id, due.UnixMilliseconds);
        Lead(challenge);
    }

    /// <summary>Puts a changed one in the place of what it was. Keys that it had before lead to it still.</summary>
    public void Change(Challenge challenge)
    {
        _byId[challenge.Id] = challenge;
        Lead(challenge);
    }

    public void Remove(Challenge challenge)
    {
        _due.Remove(challenge.Id, out _, out _);
        Unlink(challenge);
    }

    /// <summary>One that is over by then, taken out; null for none.</summary>
    public Challenge? TakeOver(EventTime now)
    {
        if (!_due.TryPeek(out var id, out var due) || due > now.UnixMilliseconds) return null;
        _due.Dequeue();
        var challenge = _byId[id];
        Unlink(challenge);
        return challenge;
    }

    public void Forget(Predicate<Challenge> isMeant)
    {
        foreach (var challenge in _byId.Values.Where(each => isMeant(each)).ToList()) Remove(challenge);
    }

    private void Unlink(Challenge challenge)
    {
        _byId.Remove(challenge.Id);
        foreach (var key in KeysOf(challenge)) _byKey.Remove(key);
    }

    private static UInt128[] KeysOf(Challenge challenge) => [challenge.Request, challenge.Pair.ById, challenge.Pair.ByName];

    private Challenge? Find(UInt128 key) => key != 0 && _byKey.TryGetValue(key, out var id) ? _byId.GetValueOrDefault(id) : null;

    private void Lead(Challenge challenge)
    {
        foreach (var key in KeysOf(challenge))
        {
            if (key != 0) _byKey[key] = challenge.Id;
        }
    }
}
