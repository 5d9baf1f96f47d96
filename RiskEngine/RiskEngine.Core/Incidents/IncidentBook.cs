using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>Puts risky events together into incidents.</summary>
/// <remarks>
/// <para>
/// An event of low risk or more is a step (<see cref="IncidentStep"/>): guessing is keyed by address, network and, where that is what gave it away,
/// autonomous system; what is done to an account by subject and address; both guesses of one address at one account by all of these. A step joins the
/// incident that has one of its keys and was quiet for no longer than <see cref="IncidentSettings.QuietTime"/>, and opens one where there is none and it
/// is telling enough. A step that finds several makes them one: the one opened first goes on and the ids of the others lead to it.
/// </para>
/// <para>
/// In event time, and the same for the same events in the same order. Repeats are told apart before. Bounded by the settings: what gives way is the least
/// severe, and of these what was quiet for longest, so that noise does not push out an incident in which somebody got in. Not thread-safe.
/// </para>
/// </remarks>
/// <param name="settings">What is put together, and how much is kept.</param>
/// <param name="closed">Told of every incident that is closed, and changes no more; null for nobody.</param>
public sealed class IncidentBook(IncidentSettings settings, Action<Incident>? closed = null)
{
    /// <summary>Keys of all incidents together; what is not remembered is found by a wider key, or begins an incident of its own.</summary>
    private const int MaximumKeys = 1 << 18;

    private readonly Dictionary<IncidentKey, Incident> _byKey = [];
    private readonly Dictionary<string, Incident> _byId = new(StringComparer.Ordinal);
    private readonly List<Incident> _open = [];
    private readonly List<Incident> _closed = [];
    private EventTime _nextSweep;
    private long _number;
    private ulong _forgotten;

    /// <summary>Gets the newest event time seen.</summary>
    public EventTime Newest { get; private set; }

    /// <summary>Gets incidents that are open as of the newest event, in the order of their opening.</summary>
    public IReadOnlyList<Incident> Open => _open;

    /// <summary>Gets closed ones that are still kept, in the order of their closing.</summary>
    public IReadOnlyList<Incident> Closed => _closed;

    /// <summary>Gets how many incidents were opened.</summary>
    public long Opened => _number;

    /// <summary>Gets how many were closed before they were quiet, because too many were open.</summary>
    public long ClosedEarly { get; private set; }

    /// <summary>Every incident, open or kept, the one that happened last first.</summary>
    public IOrderedEnumerable<Incident> InOrder() => _open.Concat(_closed).OrderByDescending(incident => incident.LastSeen).ThenByDescending(incident => incident.Number);

    /// <summary>The incident of that id, or the one it became a part of; null where there is none.</summary>
    public Incident? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether an incident goes on, as seen then.</summary>
    public bool IsOpen(Incident incident, EventTime now) => incident.Reaches(now > Newest ? now : Newest, settings.QuietTime);

    /// <summary>Adds a judged event and returns the incident that it belongs to; null for none.</summary>
    public Incident? Add(in AssessedEvent e)
    {
        if (e.OccurredAt > Newest) Newest = e.OccurredAt;
        if (Newest >= _nextSweep) Sweep();
        if (e.Level < RiskLevel.Low) return null;
        var step = IncidentStep.Of(e, settings);
        Span<IncidentKey> keys = stackalloc IncidentKey[4];
        keys = keys[..IncidentKey.Of(e, step.Keys, keys)];
        if (Join(e, step, keys) is not { } incident)
        {
            if (JoinOtherwise(e, step) is { } other)
            {
                other.Add(e, step);
                return other;
            }

            if (!step.Opens || keys.IsEmpty) return null;
            incident = Begin(e, keys);
        }

        incident.Add(e, step);
        if (step.Kind != IncidentKind.Attempt) Remember(incident, keys);
        return incident;
    }

    /// <summary>Finds what the step belongs to, and makes one incident of several. A sign-in that is no hit belongs only to what its subject was hit by.</summary>
    private Incident? Join(in AssessedEvent e, in IncidentStep step, ReadOnlySpan<IncidentKey> keys)
    {
        Incident? first = null;
        foreach (var key in keys)
        {
            if (!_byKey.TryGetValue(key, out var found) || found == first || !found.Reaches(e.OccurredAt, settings.QuietTime)) continue;
            if (e.IsInside && !step.IsHit && !found.HasHit(e.Subject)) continue;
            if (first is null) first = found;
            else if (step.Kind != IncidentKind.Attempt) first = Merge(first, found);
        }

        return first;
    }

    /// <summary>Forgets who a subject was, in every incident, and that later steps on it belong to one.</summary>
    /// <param name="subject">The low 64 bits of its key.</param>
    public void Forget(ulong subject)
    {
        _byKey.Remove(new IncidentKey(IncidentKeys.Subject, subject));
        _forgotten++;
        foreach (var incident in _open.Concat(_closed)) incident.Forget(subject, _forgotten);
    }

    private Incident? JoinOtherwise(in AssessedEvent e, in IncidentStep step)
    {
        if (step.Otherwise == IncidentKeys.None) return null;
        Span<IncidentKey> keys = stackalloc IncidentKey[4];
        foreach (var key in keys[..IncidentKey.Of(e, step.Otherwise, keys)])
        {
            if (_byKey.TryGetValue(key, out var found) && found.Reaches(e.OccurredAt, settings.QuietTime)) return found;
        }

        return null;
    }

    private Incident Begin(in AssessedEvent e, ReadOnlySpan<IncidentKey> keys)
    {
        if (_open.Count >= settings.MaximumOpen)
        {
            foreach (var least in LeastOf(_open, settings.MaximumOpen))
            {
                ClosedEarly++;
                Close(least);
            }
        }

        Incident? before = null;
        foreach (var key in keys)
        {
            if (_byKey.TryGetValue(key, out var ended) && e.OccurredAt >= ended.EndsBefore && e.OccurredAt - ended.LastSeen <= settings.QuietTime) before = ended;
        }

        if (before is not null) Close(before);
        var incident = new Incident(e, ++_number) { Continues = before?.Id };
        _open.Add(incident);
        _byId[incident.Id] = incident;
        return incident;
    }

    private Incident Merge(Incident one, Incident other)
    {
        var (stays, goes) = one.Number < other.Number ? (one, other) : (other, one);
        stays.Absorb(goes);
        goes.IsClosed = true;
        _open.Remove(goes);
        foreach (var id in goes.Merged.Prepend(goes.Id)) _byId[id] = stays;
        foreach (var key in goes.Keys)
        {
            if (_byKey.GetValueOrDefault(key) != goes) continue;
            _byKey.Remove(key);
            Remember(stays, key);
        }

        return stays;
    }

    private void Remember(Incident incident, ReadOnlySpan<IncidentKey> keys)
    {
        // The wide ones first, so that they are there when the room runs out.
        for (var i = keys.Length - 1; i >= 0; i--) Remember(incident, keys[i]);
    }

    private void Remember(Incident incident, IncidentKey key)
    {
        if (_byKey.TryGetValue(key, out var known) && (known == incident || known.Reaches(incident.LastSeen, settings.QuietTime))) return;
        if (incident.Keys.Count >= Incident.KeyCapacity || (known is null && _byKey.Count >= MaximumKeys)) return;
        _byKey[key] = incident;
        incident.Keys.Add(key);
    }

    private void Sweep()
    {
        _nextSweep = Newest + (settings.QuietTime / 24);
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (Newest - _open[i].LastSeen > settings.QuietTime) Close(_open[i]);
        }
    }

    private void Close(Incident incident)
    {
        incident.IsClosed = true;
        _open.Remove(incident);
        foreach (var key in incident.Keys)
        {
            if (_byKey.GetValueOrDefault(key) == incident) _byKey.Remove(key);
        }

        incident.Keys.Clear();
        incident.Keys.TrimExcess();
        closed?.Invoke(incident);
        _closed.Add(incident);
        if (_closed.Count <= settings.MaximumClosed) return;
        foreach (var least in LeastOf(_closed, settings.MaximumClosed)) Forget(least);
    }

    private void Forget(Incident incident)
    {
        _closed.Remove(incident);
        foreach (var id in incident.Merged.Prepend(incident.Id))
        {
            if (_byId.GetValueOrDefault(id) == incident) _byId.Remove(id);
        }
    }

    /// <summary>A twentieth of what may be there, at once: choosing looks at all of them, and whoever makes incidents in heaps must not make it slow.</summary>
    private static Incident[] LeastOf(List<Incident> incidents, int most) =>
        [.. incidents.OrderBy(incident => (incident.Severity, incident.LastSeen.UnixMilliseconds, incident.Number)).Take(Math.Max(1, Math.Min(incidents.Count, most / 20)))];
}
