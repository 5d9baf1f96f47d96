using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.ForwardAuth;

namespace RiskEngine.Host.Challenges;

/// <content>What the other replicas of a shared store began and ended.</content>
internal sealed partial class ChallengeLedger
{
    /// <summary>When a pair of subject and address was last challenged, by whichever replica; and when a pair, or a request, passed here.</summary>
    private readonly RecentTable _challengedPairs = new(RememberedCauses), _passedHere = new(RememberedCauses);

    /// <summary>Challenges that ended here, of which the store may still say for a moment that they are open.</summary>
    private readonly RecentTable _over = new(RememberedCauses);

    /// <summary>Open challenges that another replica began.</summary>
    private readonly HashSet<long> _ofOthers = [];
    private bool _isShared;
    private Func<bool> _leads = static () => true;
    private Action<ChallengeNote> _tell = static _ => { };

    /// <summary>From now on there are other replicas. To be called before anything else.</summary>
    /// <param name="leads">Whether this replica ends challenges of those that are gone.</param>
    /// <param name="tell">Is told, within our lock, what the others are to know.</param>
    public void Share(Func<bool> leads, Action<ChallengeNote> tell) => (_isShared, _leads, _tell) = (true, leads, tell);

    /// <summary>Takes what replicas stored, this one included, as often as it comes.</summary>
    public void Take(IReadOnlyList<Challenge> stored)
    {
        lock (_gate)
        {
            foreach (var challenge in stored) Take(challenge);
        }
    }

    /// <summary>Takes what a replica told, as often as it comes.</summary>
    public void Take(ChallengeNote note)
    {
        // Who passed, and comes with the same cause again, is challenged anew.
        if (note.Kind == ChallengeNoteKind.Passed) _passed.PutNewer(note.Key, note.At);
        if (note.Kind != ChallengeNoteKind.PersonChallenged) return;
        lock (_gate) NoteChallenged(note.Key, note.At);
    }

    private void Take(Challenge stored)
    {
        if (_open.Find(stored.Id) is { } known)
        {
            if (stored.Outcome != ChallengeOutcome.Open || stored.Subject is null) Drop(known);
            else if (stored.HasFailed && !known.HasFailed) _open.Change(known with { HasFailed = true });
            return;
        }

        var number = (UInt128)(ulong)stored.Id;
        if (stored.Outcome != ChallengeOutcome.Open || stored.Subject is null || _over.Find(number) is not null || _open.Count >= Capacity) return;
        NoteChallenged(stored.Pair.ById, stored.IssuedAt);
        NoteChallenged(stored.Pair.ByName, stored.IssuedAt);
        // Who began it ends it in time, by the events that it has come to, which may be older than ours. Where that one is gone the leader does, and where the leader gets no events whoever does.
        _open.Add(stored, (stored.IssuedAt > _newest ? stored.IssuedAt : _newest) + (2 * Patience));
        _ofOthers.Add(stored.Id);
        if (!HasPassedHere(stored)) return;
        Drop(stored);
        End(stored, ChallengeOutcome.Passed);
    }

    /// <summary>Whether the person passed here before it was known here that there was anything to pass.</summary>
    private bool HasPassedHere(Challenge challenge) => HasPassedHere(challenge.Request, challenge.IssuedAt) || HasPassedHere(challenge.Pair.ById, challenge.IssuedAt) || HasPassedHere(challenge.Pair.ByName, challenge.IssuedAt);

    private bool HasPassedHere(UInt128 key, EventTime since) => key != 0 && _passedHere.Find(key) >= since;

    /// <summary>It is over, or its subject was erased: nothing leads to it here.</summary>
    private void Drop(Challenge challenge)
    {
        _open.Remove(challenge);
        _ofOthers.Remove(challenge.Id);
        NoteOver(challenge.Id);
    }

    private bool IsMineToEnd(Challenge over)
    {
        if (!_ofOthers.Remove(over.Id) || _leads()) return true;
        _open.Add(over, _newest + Patience);
        return false;
    }

    private void NoteOver(long id)
    {
        if (!_isShared) return;
        _ofOthers.Remove(id);
        _over.Put((ulong)id, _newest);
    }

    private void NoteChallenged(UInt128 pair, EventTime at)
    {
        if (pair == 0 || _challengedPairs.Find(pair) >= at) return;
        _challengedPairs.Put(pair, at);
        if (_passedHere.Find(pair) is { } passed && passed >= at) _tell(new ChallengeNote(ChallengeNoteKind.Passed, pair, passed));
    }

    /// <summary>Says that this replica challenges a person from there.</summary>
    private void TellChallenged((UInt128 ById, UInt128 ByName) pair, EventTime at)
    {
        if (!_isShared) return;
        foreach (var key in (ReadOnlySpan<UInt128>)[pair.ById, pair.ByName])
        {
            NoteChallenged(key, at);
            if (key != 0) _tell(new ChallengeNote(ChallengeNoteKind.PersonChallenged, key, at));
        }
    }

    /// <summary>Remembers who passed, and tells it where some replica challenged that person from there: of all others nobody wants to know.</summary>
    private void NotePassed(in ChallengeKeys keys, EventTime at)
    {
        if (!_isShared) return;
        if (keys.Request != 0) _passedHere.Put(keys.Request, at);
        foreach (var key in (ReadOnlySpan<UInt128>)[keys.Pair.ById, keys.Pair.ByName])
        {
            if (key == 0) continue;
            _passedHere.Put(key, at);
            if (_challengedPairs.Find(key) is { } challenged && at - challenged < SameCause) _tell(new ChallengeNote(ChallengeNoteKind.Passed, key, at));
        }
    }
}
