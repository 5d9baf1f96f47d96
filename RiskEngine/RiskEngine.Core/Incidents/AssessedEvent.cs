using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Incidents;

/// <summary>One judged event as incidents see it: the same whether it was judged a moment ago or is read back from a store.</summary>
/// <remarks>Holds nothing that a store does not keep, so that reading again what was stored finds the same incidents. Valid as long as what it was made of.</remarks>
public readonly ref struct AssessedEvent
{
    public required EventTime OccurredAt { get; init; }

    public required EventKind Kind { get; init; }

    public required RiskLevel Level { get; init; }

    /// <summary>Gets the risk score, 0 to 100.</summary>
    public required double Score { get; init; }

    public required DecisionAction Action { get; init; }

    public bool Enforced { get; init; }

    public DegradedFacts Degraded { get; init; }

    public IpAddress SourceIp { get; init; }

    public uint Asn { get; init; }

    /// <summary>Gets the low 64 bits of the subject's key.</summary>
    public required ulong Subject { get; init; }

    public ReadOnlySpan<byte> EventId { get; init; }

    public ReadOnlySpan<byte> Tenant { get; init; }

    /// <summary>Gets the subject's id, or its name where there is no id.</summary>
    public ReadOnlySpan<byte> SubjectText { get; init; }

    public ReadOnlySpan<SignalRecord> Signals { get; init; }

    /// <summary>Gets whether the address says who is there: it is public, and not that of a proxy that was not configured.</summary>
    public bool HasAddress => AddressScopes.Of(SourceIp).IsEvaluable() && (Degraded & DegradedFacts.Proxy) == DegradedFacts.None;

    /// <summary>Gets whether whoever it was got in, or acted as the subject.</summary>
    public bool IsInside => Kind is EventKind.Login or EventKind.SessionSeen or EventKind.TokenUsed or EventKind.PasswordChanged or EventKind.FactorAdded
        or EventKind.AccountChanged or EventKind.ImpersonationStarted;

    /// <summary>Whether an event of effects is one for incidents: accepted, no probe, judged, and at least of low risk.</summary>
    public static bool IsTaken(Effects effects, int index)
    {
        ref readonly var assessment = ref effects[index];
        return assessment is { Judged: true, Outcome: EventOutcome.Accepted, Level: >= RiskLevel.Low } && !effects.Batch[index].Probe;
    }

    public static AssessedEvent Of(Effects effects, int index)
    {
        var batch = effects.Batch;
        ref readonly var e = ref batch[index];
        ref readonly var assessment = ref effects[index];
        return new AssessedEvent
        {
            OccurredAt = e.OccurredAt,
            Kind = e.Kind,
            Level = assessment.Level,
            Score = assessment.Score,
            Action = assessment.Action,
            Enforced = assessment.Enforced,
            Degraded = assessment.Degraded,
            SourceIp = e.SourceIp,
            Asn = assessment.Asn,
            Subject = (ulong)effects.View[index].SubjectKey,
            EventId = batch.Text(e.Id),
            Tenant = batch.Text(e.Tenant),
            SubjectText = batch.Text(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId),
            Signals = effects.Signals(assessment),
        };
    }

    public static AssessedEvent Of(StoredLogin login)
    {
        var batch = login.Batch;
        ref readonly var e = ref login.Event;
        return new AssessedEvent
        {
            OccurredAt = e.OccurredAt,
            Kind = e.Kind,
            Level = login.Level,
            Score = login.Score,
            Action = login.Action,
            Enforced = login.Enforced,
            Degraded = login.Degraded,
            SourceIp = e.SourceIp,
            Asn = login.Asn,
            Subject = login.Subject,
            EventId = batch.Text(e.Id),
            Tenant = batch.Text(e.Tenant),
            SubjectText = batch.Text(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId),
            Signals = login.Signals,
        };
    }
}
