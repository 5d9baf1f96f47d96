using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>Compares incidents with the truth of a simulated stream: how many there are of a campaign, and how much of each is the attackers'.</summary>
/// <remarks>Observe every judged event with the incident it was put into, then ask. An incident is somebody's when an event of theirs is in it. Not thread-safe.</remarks>
public sealed class IncidentReferee
{
    private readonly HashSet<(string Attack, int Campaign)> _campaigns = [];
    private readonly Dictionary<string, IncidentTally> _incidents = new(StringComparer.Ordinal);
    private long _honestLogins;

    /// <param name="label">Whose event it is; null for honest people.</param>
    /// <param name="isLogin">Whether it is a sign-in that worked.</param>
    /// <param name="incident">The incident's id; null where it is in none.</param>
    /// <param name="isHit">Whether the incident says of its subject that somebody else got in.</param>
    public void Observe(AttackLabel? label, bool isLogin, string? incident, bool isHit)
    {
        if (label is null && isLogin) _honestLogins++;
        if (label is not null) _campaigns.Add((label.Attack, label.Campaign));
        if (incident is null) return;
        if (!_incidents.TryGetValue(incident, out var tally)) _incidents[incident] = tally = new IncidentTally();
        tally.Events++;
        if (isHit) tally.Hits++;
        if (label is null) return;
        tally.Attackers++;
        if (isHit) tally.TrueHits++;
        tally.Add((label.Attack, label.Campaign), 1);
    }

    /// <summary>Two incidents turned out to be one.</summary>
    public void Merge(string stays, string goes)
    {
        if (!_incidents.Remove(goes, out var from)) return;
        if (!_incidents.TryGetValue(stays, out var to)) _incidents[stays] = to = new IncidentTally();
        (to.Events, to.Attackers, to.Hits, to.TrueHits) = (to.Events + from.Events, to.Attackers + from.Attackers, to.Hits + from.Hits, to.TrueHits + from.TrueHits);
        foreach (var (campaign, events) in from.Campaigns) to.Add(campaign, events);
    }

    /// <summary>The figures so far. Attacks stand in the simulation's order, unknown ones after them by name.</summary>
    public IncidentFigures Report()
    {
        var found = _incidents.Values.SelectMany(tally => tally.Campaigns, (tally, pair) => (Campaign: pair.Key, Events: pair.Value, Incident: tally)).ToLookup(part => part.Campaign);
        return new()
        {
            Attacks =
            [
                .. _campaigns.GroupBy(campaign => campaign.Attack).OrderBy(group => Referee.Place(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => new CampaignFigures
                {
                    Attack = group.Key,
                    Campaigns = group.Count(),
                    CampaignsFound = group.Count(found.Contains),
                    Incidents = group.Sum(campaign => found[campaign].Count()),
                    Events = group.Sum(campaign => found[campaign].Sum(part => part.Events)),
                    EventsInLargest = group.Where(found.Contains).Sum(campaign => found[campaign].Max(part => part.Events)),
                    LargestEvents = group.Where(found.Contains).Sum(campaign => found[campaign].MaxBy(part => part.Events).Incident.Events),
                }),
            ],
            Incidents = _incidents.Count,
            HonestIncidents = _incidents.Values.Count(tally => tally.Attackers == 0),
            HonestLogins = _honestLogins,
            Events = _incidents.Values.Where(tally => tally.Attackers > 0).Sum(tally => tally.Events),
            AttackerEvents = _incidents.Values.Sum(tally => tally.Attackers),
            Hits = _incidents.Values.Sum(tally => tally.Hits),
            TrueHits = _incidents.Values.Sum(tally => tally.TrueHits),
            CampaignsInIncidents = _incidents.Values.Sum(tally => tally.Campaigns.Count),
        };
    }

    private sealed class IncidentTally
    {
        public long Events;
        public long Attackers;
        public long Hits;
        public long TrueHits;
        public Dictionary<(string Attack, int Campaign), long> Campaigns { get; } = [];

        public void Add((string Attack, int Campaign) campaign, long events) => Campaigns[campaign] = Campaigns.GetValueOrDefault(campaign) + events;
    }
}
