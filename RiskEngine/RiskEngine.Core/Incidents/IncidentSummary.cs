using System.Globalization;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>What happened, in three sentences: what and when, who was hit, what was decided.</summary>
internal static class IncidentSummary
{
    public static string Of(Incident incident, IncidentNaming naming) => $"{What(incident, naming)} {Hit(incident, naming)} {Decided(incident)}";

    /// <summary>A time to the minute, in UTC, as people write it.</summary>
    public static string Minute(EventTime time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string What(Incident incident, IncidentNaming naming)
    {
        var (first, last) = (Minute(incident.FirstSeen), Minute(incident.LastSeen));
        var when = first == last ? $"At {first} UTC" : $"Between {first} and {last} UTC";
        var from = SourceText.Of(incident, naming);
        if (incident.Attempts == 0) return $"{when}, {SourceText.Counted(incident.Events, "risky event", "risky events")} came from {from}.";
        var attempts = SourceText.Counted(incident.Attempts, "attempt", "attempts");
        var names = SourceText.Counted(incident.SubjectsTried, "name", "names");
        return $"{when}, {attempts} on {names} came from {from}.";
    }

    private static string Hit(Incident incident, IncidentNaming naming)
    {
        if (incident.SubjectsHit.Count == 0) return "Nobody got in, as far as can be told.";
        var first = incident.Hit.First();
        var stays = incident.Hit.Any(hit => hit.Persists) ? ", and factors, a password or other people's accounts were touched" : "";
        return incident.SubjectsHit.Count == 1
            ? $"One account was entered, {naming.Of(first.Subject)} at {Minute(first.At)}{stays}."
            : $"{SourceText.Number(incident.SubjectsHit)} accounts were entered, the first, {naming.Of(first.Subject)}, at {Minute(first.At)}{stays}.";
    }

    private static string Decided(Incident incident)
    {
        var decisions = incident.Decisions;
        var stopped = decisions[(int)DecisionAction.Block] + decisions[(int)DecisionAction.Challenge];
        if (stopped == 0) return "No decision stood in the way.";
        var said = $"{decisions[(int)DecisionAction.Block]} of {SourceText.Counted(incident.Events, "event", "events")} met a block and {decisions[(int)DecisionAction.Challenge]} a challenge";
        return incident.Enforced == 0 ? $"{said}, none of it enforced." : $"{said}; {SourceText.Counted(incident.Enforced, "decision was", "decisions were")} enforced.";
    }
}
