using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.ForwardAuth;

/// <summary>Which sessions are to be challenged, and who passed a challenge from where: what proxies need of the pipeline.</summary>
/// <remarks>
/// A session is to be challenged when an event within it (<c>session_seen</c>, <c>token_used</c>) was, enforced, for twelve hours. A passed challenge, or a login with
/// a second factor, of that subject from that address lifts that, and what is held against the address automatically. In memory and bounded: after a
/// restart nobody is challenged for what was seen before, and who passed is asked once more, unless other replicas know of it. Written by the pipeline's
/// thread and by who brings the word of other replicas, read by any.
/// </remarks>
internal sealed class ChallengeBook(KeyedHash hash) : IPipelineObserver
{
    private const int Remembered = 32_768;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly RecentTable _challenged = new(Remembered);
    private readonly RecentTable _passed = new(Remembered);

    private Action<ChallengeNote> _tell = static _ => { };

    /// <summary>From now on other replicas are told of sessions that are to be challenged.</summary>
    public void Share(Action<ChallengeNote> tell) => _tell = tell;

    /// <summary>Takes what a replica told, as often as it comes.</summary>
    public void Take(ChallengeNote note)
    {
        if (!IsAsked || note.Kind == ChallengeNoteKind.PersonChallenged) return;
        (note.Kind == ChallengeNoteKind.Passed ? _passed : _challenged).PutNewer(note.Key, note.At);
    }

    /// <summary>Gets or sets whether anybody asks; nothing is noted while nobody does.</summary>
    public bool IsAsked { get; set; }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        if (!IsAsked) return;
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var e = ref effects.Batch.Events[i];
            ref readonly var assessment = ref effects[i];
            if (assessment.Outcome != EventOutcome.Accepted) continue;
            if (e.Kind is EventKind.SessionSeen or EventKind.TokenUsed)
            {
                if (assessment is { Judged: true, Enforced: true, Action: DecisionAction.Challenge } && e.Session != 0) NoteChallenged(e);
            }
            else if (e.Kind == EventKind.ChallengePassed || (e.Kind == EventKind.Login && e.Mfa.Count > 0))
            {
                NotePassed(effects.Batch, e);
            }
        }
    }

    /// <summary>Whether the session is to be challenged.</summary>
    /// <param name="subject">Key of the subject, as events name it; 0 for nobody.</param>
    public bool IsChallenged(UInt128 session, UInt128 subject, IpAddress address, EventTime now) =>
        session != 0 && _challenged.Find(session) is { } since && now - since < Lifetime && !HasPassed(subject, address, since);

    /// <summary>Whether the subject passed a challenge from that address since then.</summary>
    public bool HasPassed(UInt128 subject, IpAddress address, EventTime since) =>
        subject != 0 && _passed.Find(StateKeys.Pair(hash, subject, address)) is { } at && at >= since;

    private void NoteChallenged(in LoginEvent e)
    {
        _challenged.Put(e.Session, e.OccurredAt);
        _tell(new ChallengeNote(ChallengeNoteKind.SessionChallenged, e.Session, e.OccurredAt));
    }

    private void NotePassed(EventBatch batch, in LoginEvent e)
    {
        var tenant = batch.Text(e.Tenant);
        if (!tenant.IsEmpty && !tenant.SequenceEqual("default"u8)) return;
        // Under both, for a proxy may know either.
        if (!e.SubjectId.IsEmpty) _passed.Put(StateKeys.Pair(hash, StateKeys.Subject(hash, default, batch.Text(e.SubjectId), default), e.SourceIp), e.OccurredAt);
        if (!e.SubjectName.IsEmpty) _passed.Put(StateKeys.Pair(hash, StateKeys.Subject(hash, default, default, batch.Text(e.SubjectName)), e.SourceIp), e.OccurredAt);
    }
}
