using RiskEngine.Core.Events;
using RiskEngine.Simulation.Attacks;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>Compares decisions with the truth of a simulated stream. Observe every judged event in order, then ask for the report.</summary>
/// <remarks>Remembers subjects, honest addresses and campaigns, not events. Not thread-safe.</remarks>
public sealed class Referee
{
    private readonly Dictionary<(string Attack, int Campaign), CampaignTally> _campaigns = [];
    private readonly HashSet<UInt128> _attacked = [];
    private readonly Dictionary<UInt128, bool> _honestSubjects = [];
    private readonly Dictionary<IpAddress, bool> _honestAddresses = [];
    private long _events;
    private long _eventsBlocked;
    private long _logins;
    private long _challenged;
    private long _notified;
    private long _blocked;
    private long _collateral;

    public void Observe(in RefereeObservation observation)
    {
        if (observation.Label is { } label) ObserveAttack((label.Attack, label.Campaign), observation);
        else ObserveHonest(observation);
    }

    /// <summary>The figures so far. Attacks stand in the simulation's order, unknown ones after them by name.</summary>
    public RefereeReport Report() => new()
    {
        Attacks = [.. _campaigns.GroupBy(pair => pair.Key.Attack).OrderBy(group => Place(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Figures(group.Key, [.. group.Select(pair => pair.Value)]))],
        Honest = new HonestFigures
        {
            Events = _events,
            Logins = _logins,
            LoginsChallenged = _challenged,
            LoginsNotified = _notified,
            LoginsBlocked = _blocked,
            LoginsStoppedUnderAttack = _collateral,
            EventsBlocked = _eventsBlocked,
            Subjects = _honestSubjects.Count,
            SubjectsBlocked = _honestSubjects.Count(pair => pair.Value),
            Addresses = _honestAddresses.Count,
            AddressesBlocked = _honestAddresses.Count(pair => pair.Value),
        },
    };

    private void ObserveAttack((string Attack, int Campaign) key, in RefereeObservation observation)
    {
        _attacked.Add(observation.Subject);
        if (!_campaigns.TryGetValue(key, out var tally)) _campaigns[key] = tally = new CampaignTally();
        tally.Events++;
        if (observation.Level == RefereeLevel.High) tally.High++;
        if (observation.Kind == EventKind.Login) tally.Intrusions++;
        if (observation.Action >= RefereeAction.Notify) tally.IsFound = true;
        if (!observation.IsStopped) return;
        tally.Stopped++;
        if (observation.Kind == EventKind.Login) tally.IntrusionsStopped++;
        if (tally.FirstStopped == 0) tally.FirstStopped = tally.Events;
    }

    private void ObserveHonest(in RefereeObservation observation)
    {
        var isBlocked = observation.Action == RefereeAction.Block;
        _events++;
        if (isBlocked) _eventsBlocked++;
        _honestSubjects[observation.Subject] = isBlocked || _honestSubjects.GetValueOrDefault(observation.Subject);
        if (!observation.SourceIp.IsUnknown) _honestAddresses[observation.SourceIp] = isBlocked || _honestAddresses.GetValueOrDefault(observation.SourceIp);
        if (observation.Kind != EventKind.Login) return;
        _logins++;
        if (isBlocked) _blocked++;
        if (observation.Action == RefereeAction.Challenge) _challenged++;
        if (observation.Action == RefereeAction.Notify) _notified++;
        if (observation.IsStopped && _attacked.Contains(observation.Subject)) _collateral++;
    }

    private static AttackFigures Figures(string attack, CampaignTally[] campaigns)
    {
        long[] firsts = [.. campaigns.Where(campaign => campaign.FirstStopped > 0).Select(campaign => campaign.FirstStopped).Order()];
        return new AttackFigures
        {
            Attack = attack,
            Campaigns = campaigns.Length,
            CampaignsFound = campaigns.Count(campaign => campaign.IsFound),
            CampaignsStopped = firsts.Length,
            Events = campaigns.Sum(campaign => campaign.Events),
            EventsStopped = campaigns.Sum(campaign => campaign.Stopped),
            EventsHigh = campaigns.Sum(campaign => campaign.High),
            Intrusions = campaigns.Sum(campaign => campaign.Intrusions),
            IntrusionsStopped = campaigns.Sum(campaign => campaign.IntrusionsStopped),
            EventsToStop = firsts.Length == 0 ? null : (firsts[(firsts.Length - 1) / 2] + firsts[firsts.Length / 2]) / 2.0,
        };
    }

    internal static int Place(string attack)
    {
        for (var i = 0; i < AttackCatalog.Names.Count; i++)
        {
            if (AttackCatalog.Names[i] == attack) return i;
        }

        return int.MaxValue;
    }

    private sealed class CampaignTally
    {
        public long Events;
        public long Stopped;
        public long High;
        public long Intrusions;
        public long IntrusionsStopped;
        public long FirstStopped;
        public bool IsFound;
    }
}
