using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>Makes reports of incidents. Pure; the report stays what it is when the incident goes on.</summary>
public static class IncidentReporter
{
    public static IncidentHead Head(Incident incident, bool isOpen, IncidentNaming naming) => new()
    {
        Id = incident.Id,
        Title = IncidentTitle.Of(incident, naming),
        Kind = incident.Kind.Name(),
        State = StateOf(isOpen),
        Severity = incident.Severity.Name(),
        FirstSeen = incident.FirstSeen.ToDateTimeOffset(),
        LastSeen = incident.LastSeen.ToDateTimeOffset(),
        Events = incident.Events,
        Sources = incident.Addresses.Distinct.Count,
        SubjectsTried = incident.SubjectsTried.Count,
        SubjectsHit = incident.SubjectsHit.Count,
    };

    public static IncidentReport Report(Incident incident, bool isOpen, IncidentNaming naming) => new()
    {
        Id = incident.Id,
        Title = IncidentTitle.Of(incident, naming),
        Kind = incident.Kind.Name(),
        State = StateOf(isOpen),
        Severity = incident.Severity.Name(),
        Attack = [.. incident.Techniques],
        FirstSeen = incident.FirstSeen.ToDateTimeOffset(),
        LastSeen = incident.LastSeen.ToDateTimeOffset(),
        Events = incident.Events,
        Attempts = incident.Attempts,
        Decisions = Of(incident.Decisions),
        Enforced = incident.Enforced,
        HighestRiskScore = Math.Round(incident.HighestScore, 4),
        HighestEventId = IncidentNaming.Printable(incident.HighestEventId),
        Sources = new IncidentSources(
            Of(incident.Addresses, address => naming.Of(address)),
            Of(incident.Networks, network => SourceText.Network(network), naming.ShowsAddresses),
            Of(incident.Asns, asn => $"AS{asn}")),
        SubjectsTried = new TriedSubjects(incident.SubjectsTried.Count, incident.SubjectsTried.IsExact, [.. incident.Tried.Select(naming.Of)]),
        SubjectsHit = new HitSubjects(incident.SubjectsHit.Count, incident.SubjectsHit.IsExact, [.. incident.Hit.Select(hit => Of(hit, naming))]),
        Phases = [.. incident.Timeline.Phases.Select(Of)],
        Summary = IncidentSummary.Of(incident, naming),
        NextSteps = IncidentAdvice.Of(incident, naming),
        Merged = [.. incident.Merged],
        Continues = incident.Continues,
    };

    private static string StateOf(bool isOpen) => isOpen ? "open" : "closed";

    private static CountedThings Of<T>(Tally<T> tally, Func<T, string> name, bool shown = true)
        where T : struct => new(
            tally.Distinct.Count, tally.Distinct.IsExact, shown ? [.. tally.Most.Select(each => new CountedThing(name(each.Thing), each.Count))] : []);

    private static HitSubjectReport Of(HitSubject hit, IncidentNaming naming) => new(
        naming.Of(hit.Subject), hit.Tenant.Length > 0 ? IncidentNaming.Printable(hit.Tenant) : null, hit.At.ToDateTimeOffset(), hit.Kind.Name(), hit.Action.Name(), hit.Enforced,
        Math.Round(hit.Score, 4), IncidentNaming.Printable(hit.EventId), hit.Events, hit.Persists);

    private static PhaseReport Of(IncidentPhase phase) => new(phase.Kind.Name(), phase.First.ToDateTimeOffset(), phase.Last.ToDateTimeOffset(), phase.Events, Of(phase.Decisions));

    private static DecisionReport Of(in DecisionCounts counts) => new(
        counts[(int)DecisionAction.Allow], counts[(int)DecisionAction.Notify], counts[(int)DecisionAction.Challenge], counts[(int)DecisionAction.Block]);
}
