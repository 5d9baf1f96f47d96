using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.ForwardAuth;

namespace RiskEngine.Host.Challenges;

/// <summary>Follows every enforced challenge from where it was asked for, or seen, to what became of it.</summary>
/// <remarks>
/// <para>
/// One begins with the answer to <c>POST /api/v1/evaluate</c> or to a proxy (<c>GET /forward-auth</c>), or with an event that got somewhere without a second factor (<c>login</c>,
/// <c>login_attempt</c>, <c>session_seen</c>, <c>token_used</c>) and was to be challenged. While it is open, whatever else is to be challenged of the
/// same request, or of the same person from the same address, belongs to it. <c>challenge_passed</c>, or a login with a second factor, passes it;
/// <c>challenge_failed</c> and <c>mfa_failed</c> are remembered. Once an event has come that is <see cref="Patience"/> newer it is over: failed where
/// something failed, else abandoned. So it is by event time, and where no events come nothing is abandoned. A login that was to be challenged and brought its
/// factor along, unasked, is no challenge: nobody was bothered by us.
/// </para>
/// <para>
/// Bounded: <see cref="Capacity"/> may be open; what comes on top is counted and not followed. What events change is stored in the transaction of these
/// events, so it is lost with none that was acknowledged. What is asked about <see cref="ChallengeKeeper"/> stores before the answer goes out. Thread-safe.
/// Where replicas share a store, <see cref="ChallengeFollower"/> brings what the others began and ended.
/// </para>
/// </remarks>
internal sealed partial class ChallengeLedger(ChallengeMetrics metrics, KeyedHash hash) : ICommitObserver
{
    /// <summary>Challenges that may be open at once.</summary>
    public const int Capacity = 16_384;

    /// <summary>For how long a challenge may be answered: as long as people look for their telephone, and sources take to tell.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>For how long somebody may come again with the same cause, as a browser does with each request, without that being another challenge.</summary>
    private static readonly TimeSpan SameCause = TimeSpan.FromHours(12);

    private const int RememberedCauses = 32_768;

    private readonly Lock _gate = new();
    private readonly OpenChallenges _open = new();
    private readonly RecentTable _causes = new(RememberedCauses);
    private readonly RecentTable _passed = new(RememberedCauses);

    /// <summary>What events changed, for the next commit.</summary>
    private readonly Dictionary<long, Challenge> _changed = [];

    /// <summary>What questions began or changed. No commit takes it along: whoever asked waits for the keeper, who could not know how far a commit is.</summary>
    private readonly Dictionary<long, Challenge> _asked = [];
    private EventTime _newest;

    /// <summary>Whether any cause was noted: where there are neither proxies nor sessions, what people pass need not be.</summary>
    private volatile bool _hasCauses;

    /// <summary>An evaluation is to be answered.</summary>
    /// <returns>Whether something is to be stored before.</returns>
    public bool Asked(Effects effects)
    {
        ref readonly var e = ref effects.Batch.Events[0];
        if (!IsIssued(effects[0]) || e.Probe || e.Kind is EventKind.LoginFailed or EventKind.MfaFailed) return false;
        lock (_gate) return Issue(effects.Batch, e, ChallengeOrigin.Asked);
    }

    /// <summary>A proxy is to be answered to challenge a person.</summary>
    /// <param name="keys">Who from where; proxies know no request.</param>
    /// <param name="subject">Whose it is, see <see cref="Challenge.Subject"/>.</param>
    /// <param name="cause">What for: the same person is asked once for each, however often his browser comes.</param>
    /// <returns>Whether something is to be stored before.</returns>
    public bool Asked(in ChallengeKeys keys, UInt128 subject, UInt128 cause, EventTime at)
    {
        if (IsKnown(cause, keys, at)) return false;
        Note(cause, at);
        lock (_gate) return Issue(keys, subject, at, ChallengeOrigin.Asked, 0);
    }

    /// <summary>Follows the events and hands over what they changed.</summary>
    public void Committing(Effects effects)
    {
        lock (_gate)
        {
            for (var i = 0; i < effects.Count; i++)
            {
                ref readonly var e = ref effects.Batch.Events[i];
                if (effects[i].Outcome == EventOutcome.Accepted) Follow(effects, e, effects[i]);
            }

            effects.Challenges.AddRange(_changed.Values);
            _changed.Clear();
        }
    }

    /// <summary>Takes back what is not stored. What became of a challenge stays known, and goes along when the events come again; their logins are counted then.</summary>
    public void Withdrawn(Effects effects)
    {
        lock (_gate)
        {
            // What changed again meanwhile stays as it is. A store that is away for long must not fill the memory: what is too much is not known any more.
            foreach (var challenge in effects.Challenges.Take(IChallengeStore.Capacity - _changed.Count)) _changed.TryAdd(challenge.Id, challenge);
        }
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        // It is stored already.
    }

    /// <summary>Takes up challenges that were open when the process before ended.</summary>
    public void Restore(IEnumerable<Challenge> challenges)
    {
        lock (_gate)
        {
            foreach (var challenge in challenges.Take(Capacity))
            {
                if (_isShared) Take(challenge);
                else _open.Add(challenge, challenge.IssuedAt + Patience);
            }
        }
    }

    /// <summary>What is not stored, as far as this knows.</summary>
    public IReadOnlyCollection<Challenge> Unstored()
    {
        lock (_gate) return [.. _asked.Values, .. _changed.Values];
    }

    /// <summary>Takes note that these are stored. What changed again meanwhile is not.</summary>
    public void Stored(IReadOnlyCollection<Challenge> challenges)
    {
        lock (_gate)
        {
            foreach (var challenge in challenges)
            {
                Drop(_asked, challenge);
                Drop(_changed, challenge);
            }
        }
    }

    /// <summary>Forgets what is open of a subject that was erased.</summary>
    public void Forget(IReadOnlyList<UInt128> handles)
    {
        if (handles.Count == 0) return;
        lock (_gate)
        {
            _open.Forget(challenge => challenge.Subject is { } subject && handles.Contains(subject));
            foreach (var unstored in new[] { _asked, _changed })
            {
                foreach (var challenge in unstored.Values.Where(each => each.Subject is { } subject && handles.Contains(subject)).ToList())
                    unstored[challenge.Id] = challenge with { Subject = null, Request = 0, Pair = default, Event = 0 };
            }
        }
    }

    /// <summary>Whether whoever asked, or whoever acts on events, was told to challenge. A tripped valve leaves the challenge of what it held.</summary>
    private static bool IsIssued(in AssessmentRecord assessment) => assessment.Judged && assessment.Action == DecisionAction.Challenge && (assessment.Enforced || assessment.Valve is not null);

    private static void Drop(Dictionary<long, Challenge> unstored, Challenge stored)
    {
        if (unstored.TryGetValue(stored.Id, out var last) && ReferenceEquals(last, stored)) unstored.Remove(stored.Id);
    }

    private void Follow(Effects effects, in LoginEvent e, in AssessmentRecord assessment)
    {
        var batch = effects.Batch;
        switch (e.Kind)
        {
            case EventKind.Login:
                effects.LoginDays[e.OccurredAt.UnixDays] = effects.LoginDays.GetValueOrDefault(e.OccurredAt.UnixDays) + 1;
                if (e.Mfa.Count > 0) Pass(batch, e);
                else if (IsIssued(assessment)) Issue(batch, e, ChallengeOrigin.Seen);
                break;
            case EventKind.ChallengePassed:
                Pass(batch, e);
                break;
            case EventKind.ChallengeFailed or EventKind.MfaFailed:
                if (Find(batch, e) is { HasFailed: false } failed) Change(failed with { HasFailed = true }, ChallengeOrigin.Seen);
                break;
            case EventKind.LoginAttempt or EventKind.SessionSeen or EventKind.TokenUsed when IsIssued(assessment):
                Issue(batch, e, ChallengeOrigin.Seen);
                break;
        }

        if (e.OccurredAt <= _newest) return;
        _newest = e.OccurredAt;
        while (_open.TakeOver(_newest) is { } over)
        {
            if (IsMineToEnd(over)) End(over, over.HasFailed ? ChallengeOutcome.Failed : ChallengeOutcome.Abandoned);
        }
    }

    private bool Issue(EventBatch batch, in LoginEvent e, ChallengeOrigin origin)
    {
        var (keys, isSeen) = (ChallengeKeys.Of(hash, batch, e), origin == ChallengeOrigin.Seen);
        if (isSeen && e.Session != 0)
        {
            var cause = ChallengeKeys.CauseOf(hash, e.Session, e.SourceIp);
            if (!IsKnown(cause, keys, e.OccurredAt)) Note(cause, e.OccurredAt);
            else if (_open.Find(keys.Request, keys.Pair) is null) return false;
        }

        return Issue(keys, Subject(batch, e), e.OccurredAt, origin, isSeen ? EventKey(batch, e) : 0);
    }

    /// <summary>Whether the person was challenged for that already and has passed nothing since.</summary>
    private bool IsKnown(UInt128 cause, in ChallengeKeys keys, EventTime at) =>
        _causes.Find(cause) is { } told && at - told < SameCause && !(_passed.Find(keys.Pair.ById) >= told) && !(_passed.Find(keys.Pair.ByName) >= told);

    private void Note(UInt128 cause, EventTime at)
    {
        _hasCauses = true;
        _causes.Put(cause, at);
    }

    /// <returns>Whether what is known of the challenge waits to be stored for a question.</returns>
    private bool Issue(in ChallengeKeys keys, UInt128 subject, EventTime at, ChallengeOrigin origin, UInt128 seen)
    {
        if (_open.Find(keys.Request, keys.Pair) is { } open)
        {
            var joined = open with { Request = keys.Request != 0 ? keys.Request : open.Request, Event = open.Event != 0 ? open.Event : seen };
            if (joined != open) Change(joined, origin);
            return _asked.ContainsKey(open.Id);
        }

        if (_open.Count >= Capacity)
        {
            metrics.Lost();
            return false;
        }

        TellChallenged(keys.Pair, at);
        var issued = new Challenge { Id = keys.Number(hash, at), IssuedAt = at, Origin = origin, Subject = subject, Request = keys.Request, Pair = keys.Pair, Event = seen };
        _open.Add(issued, (at > _newest ? at : _newest) + Patience);
        (origin == ChallengeOrigin.Asked ? _asked : _changed)[issued.Id] = issued;
        metrics.Began();
        return origin == ChallengeOrigin.Asked;
    }

    private void Pass(EventBatch batch, in LoginEvent e)
    {
        if (_open.Count == 0 && !_hasCauses && !_isShared) return;
        var keys = ChallengeKeys.Of(hash, batch, e);
        NotePassed(keys, e.OccurredAt);
        if (_hasCauses && keys.Pair.ById != 0) _passed.Put(keys.Pair.ById, e.OccurredAt);
        if (_hasCauses && keys.Pair.ByName != 0) _passed.Put(keys.Pair.ByName, e.OccurredAt);
        if (_open.Find(keys.Request, keys.Pair) is not { } open) return;
        _open.Remove(open);
        End(open with { Event = open.Event != 0 ? open.Event : EventKey(batch, e) }, ChallengeOutcome.Passed);
    }

    private void End(Challenge challenge, ChallengeOutcome outcome)
    {
        _asked.Remove(challenge.Id);
        _changed[challenge.Id] = challenge with { Outcome = outcome };
        NoteOver(challenge.Id);
        metrics.Ended(outcome);
    }

    /// <summary>Puts a changed one in the place of what it was, also where that waits to be stored.</summary>
    /// <param name="by">Whether a question changed it, or an event.</param>
    private void Change(Challenge challenge, ChallengeOrigin by)
    {
        _open.Change(challenge);
        if (by == ChallengeOrigin.Asked || _asked.ContainsKey(challenge.Id)) _asked[challenge.Id] = challenge;
        if (by == ChallengeOrigin.Seen || _changed.ContainsKey(challenge.Id)) _changed[challenge.Id] = challenge;
    }

    private Challenge? Find(EventBatch batch, in LoginEvent e)
    {
        if (_open.Count == 0) return null;
        var keys = ChallengeKeys.Of(hash, batch, e);
        return _open.Find(keys.Request, keys.Pair);
    }

    private UInt128 EventKey(EventBatch batch, in LoginEvent e) => StateKeys.Event(hash, batch.Text(e.Tenant), batch.Text(e.Id));

    private UInt128 Subject(EventBatch batch, in LoginEvent e) => StateKeys.Subject(hash, batch.Text(e.Tenant), batch.Text(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId), default);
}
