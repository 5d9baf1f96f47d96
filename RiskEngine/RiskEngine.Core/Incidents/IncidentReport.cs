using System.ComponentModel;

namespace RiskEngine.Core.Incidents;

/// <summary>An incident in one line: what lists show.</summary>
public sealed record IncidentHead
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    [Description("password_spray, credential_stuffing, brute_force, distributed_brute_force, honey_account, mfa_fatigue, stolen_session, token_theft, persistence, service_account, idle_account, look_alike or takeover.")]
    public required string Kind { get; init; }

    [Description("open or closed.")]
    public required string State { get; init; }

    [Description("low, medium, high or critical.")]
    public required string Severity { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required long Events { get; init; }

    [Description("Different addresses; an IPv6 /64 is one.")]
    public required long Sources { get; init; }

    public required long SubjectsTried { get; init; }

    public required long SubjectsHit { get; init; }
}

/// <summary>How many different things there were, and the most frequent of those counted one by one.</summary>
/// <param name="Exact">False where the count is an estimate, about 3 % off.</param>
public sealed record CountedThings(long Count, bool Exact, IReadOnlyList<CountedThing> Most);

public sealed record CountedThing(string Value, long Events);

/// <summary>Where an incident came from.</summary>
public sealed record IncidentSources(CountedThings Addresses, CountedThings Networks, CountedThings Asns);

/// <summary>The subjects on which attempts failed.</summary>
/// <param name="Examples">The first of them. "~" stands before names that do not exist, which are never kept in clear.</param>
public sealed record TriedSubjects(long Count, bool Exact, IReadOnlyList<string> Examples);

/// <summary>The subjects that somebody else got into, as far as can be told.</summary>
/// <param name="Items">The first of them.</param>
public sealed record HitSubjects(long Count, bool Exact, IReadOnlyList<HitSubjectReport> Items);

/// <param name="What">What happened first.</param>
/// <param name="EventId">The event that tells; its assessment says why.</param>
/// <param name="Events">Events inside the account.</param>
/// <param name="Persists">Whether factors, passwords or other people's accounts were touched.</param>
public sealed record HitSubjectReport(
    string Subject, string? Tenant, DateTimeOffset At, string What, string Decision, bool Enforced, double RiskScore, string EventId, long Events, bool Persists);

/// <summary>How often each decision was taken.</summary>
public sealed record DecisionReport(long Allow, long Notify, long Challenge, long Block);

/// <summary>A stretch in which one kind of thing happened.</summary>
public sealed record PhaseReport(string Kind, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Events, DecisionReport Decisions);

/// <summary>An incident as people and programs read it.</summary>
/// <remarks>Immutable.</remarks>
public sealed record IncidentReport
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    [Description("See the list.")]
    public required string Kind { get; init; }

    [Description("open or closed.")]
    public required string State { get; init; }

    [Description("low, medium, high or critical.")]
    public required string Severity { get; init; }

    [Description("Techniques of MITRE ATT&CK.")]
    public required IReadOnlyList<string> Attack { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required long Events { get; init; }

    public required long Attempts { get; init; }

    public required DecisionReport Decisions { get; init; }

    [Description("Decisions above allow that were enforced.")]
    public required long Enforced { get; init; }

    [Description("0 to 100.")]
    public required double HighestRiskScore { get; init; }

    public required string HighestEventId { get; init; }

    public required IncidentSources Sources { get; init; }

    public required TriedSubjects SubjectsTried { get; init; }

    public required HitSubjects SubjectsHit { get; init; }

    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    [Description("What happened, in three sentences.")]
    public required string Summary { get; init; }

    [Description("What to do, most urgent first.")]
    public required IReadOnlyList<string> NextSteps { get; init; }

    [Description("Ids of incidents that turned out to be parts of this one.")]
    public required IReadOnlyList<string> Merged { get; init; }

    [Description("The incident that this one goes on from; null for none.")]
    public required string? Continues { get; init; }
}
