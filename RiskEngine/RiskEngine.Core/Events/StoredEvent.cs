namespace RiskEngine.Core.Events;

/// <summary>An event and its assessment as read back from a store: for people and interfaces, not for the hot path.</summary>
public sealed record StoredEvent
{
    public required string EventId { get; init; }

    public required EventTime OccurredAt { get; init; }

    public required EventKind Kind { get; init; }

    public string KindText { get; init; } = "";

    public string Tenant { get; init; } = "default";

    public string SubjectId { get; init; } = "";

    public string SubjectName { get; init; } = "";

    public IpAddress SourceIp { get; init; }

    public string UserAgent { get; init; } = "";

    public string Application { get; init; } = "";

    public string AuthMethod { get; init; } = "";

    public string RequestId { get; init; } = "";

    public CountryCode Country { get; init; }

    public uint Asn { get; init; }

    /// <summary>Null where the kind is not judged.</summary>
    public StoredAssessment? Assessment { get; init; }

    /// <summary>Gets what assessments name the subject by: the id, or the name where there is no id.</summary>
    public string Subject => SubjectId.Length > 0 ? SubjectId : SubjectName;
}

/// <summary>An assessment as read back from a store.</summary>
public sealed record StoredAssessment
{
    /// <summary>What stands for a rule where a standing block or the allow list decided.</summary>
    public const string StandingBlockRule = "standing-block", AllowListRule = "allow-list";

    public required double Score { get; init; }

    public required RiskLevel Level { get; init; }

    public required DecisionAction Action { get; init; }

    public required bool Enforced { get; init; }

    /// <summary>Gets whether the login was taken into the subject's profile at once; false for what was stored before this was kept.</summary>
    public bool Learned { get; init; }

    /// <summary>Gets the name of the rule that decided; <see cref="StandingBlockRule"/> and <see cref="AllowListRule"/> where none had to.</summary>
    public string? Rule { get; init; }

    public string? Valve { get; init; }

    public required double Prior { get; init; }

    public required IReadOnlyList<StoredSignal> Signals { get; init; }

    public DegradedFacts Degraded { get; init; }

    public string PolicyVersion { get; init; } = "";

    public string ModelVersion { get; init; } = "";

    public string FactsVersion { get; init; } = "";
}

/// <summary>One piece of evidence as read back from a store; the meaning of the numbers is that of <see cref="SignalRecord"/>.</summary>
public sealed record StoredSignal(SignalCode Code, double Contribution, double Evidence, double A, double B, double C, string Detail);
