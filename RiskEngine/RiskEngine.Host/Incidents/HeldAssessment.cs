using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Host.Incidents;

/// <summary>A copy of a judged event that waits to be put into an incident.</summary>
internal sealed class HeldAssessment
{
    private readonly EventTime _at;
    private readonly EventKind _kind;
    private readonly RiskLevel _level;
    private readonly DecisionAction _action;
    private readonly bool _enforced;
    private readonly DegradedFacts _degraded;
    private readonly double _score;
    private readonly IpAddress _address;
    private readonly uint _asn;
    private readonly ulong _subject;
    private readonly byte[] _id;
    private readonly byte[] _tenant;
    private readonly byte[] _text;
    private readonly SignalRecord[] _signals;

    public HeldAssessment(in AssessedEvent e)
    {
        (_at, _kind, _level, _score, _action, _enforced, _degraded) = (e.OccurredAt, e.Kind, e.Level, e.Score, e.Action, e.Enforced, e.Degraded);
        (_address, _asn, _subject) = (e.SourceIp, e.Asn, e.Subject);
        (_id, _tenant, _text, _signals) = (e.EventId.ToArray(), e.Tenant.ToArray(), e.SubjectText.ToArray(), e.Signals.ToArray());
    }

    /// <summary>Gets the low 64 bits of the subject's key.</summary>
    public ulong Subject => _subject;

    public AssessedEvent Event => new()
    {
        OccurredAt = _at,
        Kind = _kind,
        Level = _level,
        Score = _score,
        Action = _action,
        Enforced = _enforced,
        Degraded = _degraded,
        SourceIp = _address,
        Asn = _asn,
        Subject = _subject,
        EventId = _id,
        Tenant = _tenant,
        SubjectText = _text,
        Signals = _signals,
    };
}
