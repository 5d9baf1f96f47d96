using RiskEngine.Core.Incidents;

namespace RiskEngine.Responders.Webhook;

/// <summary>What a webhook has been told of incidents and is to be told next: each opens once, is updated where it grows, and is resolved.</summary>
/// <remarks>
/// After a restart everything is told anew that may not have been told; the outbox remembers what was (<c>OnceFor</c>), so it leaves once. Of what was quiet by
/// then only the end is told, and none of it after a day. In the time of events; of the size of what there is. Pure; not thread-safe.
/// </remarks>
/// <param name="minimum">The severity from which an incident is told of.</param>
public sealed class IncidentBoard(IncidentSeverity minimum)
{
    /// <summary>How long after its last step an incident is over, as for the pager.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    /// <summary>How much time lies between two updates of an incident, however it grows.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>How long after its last step nothing is told of an incident any more.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromHours(25);

    private readonly Dictionary<string, Told> _told = [];

    /// <param name="incidents">Every incident, open or kept, that is not <see cref="Old"/>.</param>
    public IReadOnlyList<IncidentNotice> Next(IEnumerable<ToldIncident> incidents, DateTimeOffset now)
    {
        List<IncidentNotice> due = [];
        HashSet<string> there = [];
        foreach (var incident in incidents.Where(incident => incident.Severity >= minimum))
        {
            there.Add(incident.Id);
            if (ChangeOf(incident, now) is not { } change) continue;
            _told[incident.Id] = new Told(now, incident, change == IncidentChange.Resolved);
            due.Add(new IncidentNotice(change, incident));
        }

        // What became a part of another one, or was forgotten, is over as far as this one goes.
        foreach (var (id, told) in _told.Where(each => !there.Contains(each.Key)).ToList())
        {
            _told.Remove(id);
            if (!told.IsResolved) due.Add(new IncidentNotice(IncidentChange.Resolved, told.Incident));
        }

        return due;
    }

    private IncidentChange? ChangeOf(ToldIncident incident, DateTimeOffset now)
    {
        var quiet = now - incident.LastSeen;
        var isOver = incident.IsClosed || quiet > Quiet;
        if (!_told.TryGetValue(incident.Id, out var told)) return !isOver ? IncidentChange.Opened : quiet < Old ? IncidentChange.Resolved : null;
        if (isOver) return told.IsResolved ? null : IncidentChange.Resolved;
        var hasGrown = told.IsResolved || incident.Severity > told.Incident.Severity || incident.Hits > told.Incident.Hits;
        return hasGrown && now - told.At >= Pause ? IncidentChange.Updated : null;
    }

    private sealed record Told(DateTimeOffset At, ToldIncident Incident, bool IsResolved);
}
