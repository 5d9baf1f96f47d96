using RiskEngine.Core.Incidents;

namespace RiskEngine.Responders.Alertmanager;

/// <summary>What Alertmanager has been told and is to be told next: an incident fires once, is told again while it goes on, and is resolved.</summary>
/// <remarks>
/// <para>
/// Labels are the incident's id and severity, which only rises, so a restart tells the same alerts and nobody is paged twice. Where it rises the alert of
/// before is resolved in the same message. Everything else that changes is an annotation, told with the next repetition.
/// </para>
/// <para>
/// Alerts that nobody repeats end by themselves (<c>endsAt</c>), so what is lost with this program ends too. One that is resolved is told for
/// a quarter of an hour, for instances that were away. Pure; of the size of what pages. Not thread-safe.
/// </para>
/// </remarks>
public sealed class AlertBoard(AlertmanagerTarget target)
{
    /// <summary>For how long a resolved alert is repeated.</summary>
    public static readonly TimeSpan ToldResolved = TimeSpan.FromMinutes(15);

    private readonly Dictionary<AlertKey, Told> _told = [];

    /// <summary>What is to be told now.</summary>
    /// <param name="incidents">Every open incident, with how it is told of.</param>
    /// <param name="now">The clock's time.</param>
    /// <returns>Alerts, those that fire first; empty where there is nothing to tell.</returns>
    public IReadOnlyList<Alert> Next(IEnumerable<PagedIncident> incidents, DateTimeOffset now)
    {
        List<Alert> due = [];
        HashSet<AlertKey> firing = [];
        foreach (var incident in incidents.Where(incident => Pages(incident, now)))
        {
            var key = new AlertKey(incident.Id, incident.Severity);
            firing.Add(key);
            var isNew = !_told.TryGetValue(key, out var told) || told.ResolvedAt is not null;
            if (!isNew && now - told!.At < target.Resend) continue;
            // Events may be dated ahead, and an alert that ends before it starts is refused.
            var startsAt = isNew ? incident.FirstSeen < now ? incident.FirstSeen : now : told!.StartsAt;
            _told[key] = new Told(now, startsAt, incident, null);
            due.Add(new Alert(key, incident, startsAt, now + (4 * target.Resend), false));
        }

        foreach (var (key, told) in _told.Where(each => !firing.Contains(each.Key)).ToArray())
        {
            var resolvedAt = told.ResolvedAt ?? now;
            if (told.ResolvedAt is not null && now - resolvedAt > ToldResolved) _told.Remove(key);
            else if (told.ResolvedAt is null || now - told.At >= target.Resend)
            {
                _told[key] = told with { At = now, ResolvedAt = resolvedAt };
                due.Add(new Alert(key, told.Incident, told.StartsAt, resolvedAt, true));
            }
        }

        return due;
    }

    /// <summary>Forgets that these were told, since nobody took them: they are due at once.</summary>
    public void Failed(IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            if (_told.TryGetValue(alert.Key, out var told)) _told[alert.Key] = told with { At = DateTimeOffset.MinValue };
        }
    }

    private bool Pages(PagedIncident incident, DateTimeOffset now) =>
        incident.Severity >= target.MinimumSeverity && now - incident.LastSeen <= target.ResolveAfter;

    private sealed record Told(DateTimeOffset At, DateTimeOffset StartsAt, PagedIncident Incident, DateTimeOffset? ResolvedAt);
}

/// <summary>By what Alertmanager tells alerts apart.</summary>
public readonly record struct AlertKey(string Incident, IncidentSeverity Severity);

/// <param name="EndsAt">When it is over unless it is told again; for a resolved one when it was over.</param>
public sealed record Alert(AlertKey Key, PagedIncident Incident, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool IsResolved);
