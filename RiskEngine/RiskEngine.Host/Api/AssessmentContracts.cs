using System.ComponentModel;

namespace RiskEngine.Host.Api;

/// <summary>Why an assessment says what it says: one piece of evidence.</summary>
internal sealed record SignalAnswer(string Code, string Group, double Contribution, string Reason, string? Attack);

/// <summary>The assessment of one event. For OpenAPI: the core writes it.</summary>
internal record AssessmentAnswer
{
    public required string EventId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string Tenant { get; init; }

    public required string Subject { get; init; }

    public required string? SourceIp { get; init; }

    [Description("0 to 100: the probability of abuse at a reference base rate of 1 %.")]
    public required double RiskScore { get; init; }

    [Description("none, low, medium or high.")]
    public required string RiskLevel { get; init; }

    [Description("allow, notify, challenge or block.")]
    public required string Decision { get; init; }

    public required bool Enforced { get; init; }

    public required string? Rule { get; init; }

    public required string? Valve { get; init; }

    [Description("Log-odds in nats that every login starts from.")]
    public required double Prior { get; init; }

    public required IReadOnlyList<SignalAnswer> Signals { get; init; }

    public required IReadOnlyList<string> Degraded { get; init; }

    public required string PolicyVersion { get; init; }

    public required string ModelVersion { get; init; }

    public required string FactsVersion { get; init; }
}

/// <summary>What the login would have scored without one signal.</summary>
internal sealed record CounterfactualAnswer(string Without, double RiskScore, string RiskLevel);

/// <summary>What somebody said of an assessment.</summary>
/// <param name="Label">safe, compromised or dismissed.</param>
internal sealed record LabelAnswer(string Label, string Who, DateTimeOffset At, string Note);

/// <summary>An assessment with what explains it; the additions are there with <c>explain=true</c>.</summary>
internal sealed record ExplainedAssessment : AssessmentAnswer
{
    public IReadOnlyList<CounterfactualAnswer>? Counterfactuals { get; init; }

    [Description("What somebody said of it last; null for nothing.")]
    public LabelAnswer? Label { get; init; }

    [Description("What was known of the subject before this event, as far as the history still reaches.")]
    public SubjectAnswer? Profile { get; init; }
}

/// <summary>Assessments, newest first.</summary>
/// <param name="Next">Cursor of the next page; null for none.</param>
internal sealed record AssessmentList(IReadOnlyList<AssessmentAnswer> Items, string? Next);
