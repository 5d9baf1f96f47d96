using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>Which incident an address, network, autonomous system or subject had to do with last, and when.</summary>
/// <remarks>Each key is forgotten by itself, so that an incident of many days does not hold on to a server that changed hands. In event time; bounded; not thread-safe.</remarks>
/// <param name="quietTime">How long a key leads to its incident after its last step.</param>
internal sealed class IncidentIndex(TimeSpan quietTime)
{
    /// <summary>Keys of all incidents together; what is not remembered is found by a wider key, or begins an incident of its own.</summary>
    private const int MaximumKeys = 1 << 18;

    /// <summary>Pause within which guessing is still under way: an hour. After that, what comes from elsewhere in the same autonomous system is somebody else's.</summary>
    public static readonly TimeSpan UnderWay = TimeSpan.FromHours(1);

    private readonly Dictionary<IncidentKey, (Incident Incident, EventTime Last)> _byKey = [];

    /// <summary>The incident of a key that goes on, and had to do with it lately; null for none.</summary>
    public Incident? Find(IncidentKey key, EventTime at) => Find(key, at, ReachOf(key));

    /// <inheritdoc cref="Find(IncidentKey, EventTime)"/>
    public Incident? Find(IncidentKey key, EventTime at, TimeSpan within) =>
        _byKey.TryGetValue(key, out var known) && (at - known.Last).Duration() <= within && known.Incident.Reaches(at, quietTime) ? known.Incident : null;

    /// <summary>The incident of a key that would go on, had its time not ended; null for none.</summary>
    public Incident? FindEnded(IncidentKey key, EventTime at) =>
        _byKey.TryGetValue(key, out var known) && at >= known.Incident.EndsBefore && at - known.Last <= ReachOf(key) ? known.Incident : null;

    public void Remember(Incident incident, ReadOnlySpan<IncidentKey> keys, EventTime at)
    {
        // The wide ones first, so that they are there when the room runs out.
        for (var i = keys.Length - 1; i >= 0; i--) Remember(incident, keys[i], at);
    }

    /// <summary>Lets the keys of an incident lead to another, which it became a part of.</summary>
    public void Move(Incident from, Incident to)
    {
        foreach (var key in from.Keys)
        {
            if (!_byKey.TryGetValue(key, out var known) || known.Incident != from) continue;
            _byKey.Remove(key);
            Remember(to, key, known.Last);
        }
    }

    public void Forget(IncidentKey key) => _byKey.Remove(key);

    /// <summary>Forgets every key of an incident.</summary>
    public void Forget(Incident incident)
    {
        foreach (var key in incident.Keys)
        {
            if (_byKey.TryGetValue(key, out var known) && known.Incident == incident) _byKey.Remove(key);
        }

        incident.Keys.Clear();
        incident.Keys.TrimExcess();
    }

    /// <summary>Forgets the keys that lead nowhere any more, of an incident that has as many as it may.</summary>
    public void MakeRoom(Incident incident, EventTime now)
    {
        if (incident.Keys.Count < Incident.KeyCapacity) return;
        incident.Keys.RemoveAll(key => !_byKey.TryGetValue(key, out var known) || known.Incident != incident || (now - known.Last > ReachOf(key) && _byKey.Remove(key)));
    }

    private void Remember(Incident incident, IncidentKey key, EventTime at)
    {
        var isKnown = _byKey.TryGetValue(key, out var known);
        if (isKnown && known.Incident == incident)
        {
            if (at > known.Last) _byKey[key] = (incident, at);
            return;
        }

        if (Find(key, at) is not null || incident.Keys.Count >= Incident.KeyCapacity || (!isKnown && _byKey.Count >= MaximumKeys)) return;
        _byKey[key] = (incident, at);
        incident.Keys.Add(key);
    }

    private TimeSpan ReachOf(IncidentKey key) => key.Kind == IncidentKeys.Asn && quietTime > UnderWay ? UnderWay : quietTime;
}
