using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>Puts risky events together into incidents.</summary>
/// <remarks>
/// <para>
/// An event of low risk or more is a step (<see cref="IncidentStep"/>): guessing is keyed by address, network and, where that is what gave it away,
/// autonomous system; what is done to an account by subject and address; both guesses of one address at one account by all of these. A step joins the
/// incident that had to do with one of its keys within <see cref="IncidentSettings.QuietTime"/>, and opens one where there is none and it is telling
/// enough. A step that finds several makes them one, and so do waves of guessing that go together (<see cref="Wave"/>): the incident opened first goes on
/// and the ids of the others lead to it.
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
    private readonly IncidentIndex _index = new(settings.QuietTime);
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
        if (step.IsOnOne && !IsGuessingNow(e)) step = IncidentStep.OnOne(e.Level);
        Span<IncidentKey> keys = stackalloc IncidentKey[4];
        keys = keys[..IncidentKey.Of(e, step.Keys, keys)];
        if (Join(e, step, keys) is not { } incident)
        {
            if (FindFirst(e, step.Otherwise) is { } other)
            {
                other.Add(e, step);
                return other;
            }

            if (!step.Opens || keys.IsEmpty) return null;
            incident = Begin(e, keys);
        }

        var isDue = incident.Add(e, step);
        if (step.Kind != IncidentKind.Attempt) _index.Remember(incident, keys, e.OccurredAt);
        return isDue ? MergeWaves(incident) : incident;
    }

    /// <summary>Finds what the step belongs to, and makes one incident of several. A sign-in that is no hit belongs only to what its subject was hit by.</summary>
    private Incident? Join(in AssessedEvent e, in IncidentStep step, ReadOnlySpan<IncidentKey> keys)
    {
        Incident? first = null;
        foreach (var key in keys)
        {
            // A large provider has many customers: only what nothing narrower knows to guess is found by it.
            if (key.Kind == IncidentKeys.Asn && first?.Kind.IsGuessing() == true) break;
            if (_index.Find(key, e.OccurredAt) is not { } found || found == first) continue;
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
        _index.Forget(new IncidentKey(IncidentKeys.Subject, subject));
        _forgotten++;
        foreach (var incident in _open.Concat(_closed)) incident.Forget(subject, _forgotten);
    }

    /// <summary>The incident of the narrowest of those keys that has one.</summary>
    private Incident? FindFirst(in AssessedEvent e, IncidentKeys wanted)
    {
        if (wanted == IncidentKeys.None) return null;
        Span<IncidentKey> keys = stackalloc IncidentKey[4];
        foreach (var key in keys[..IncidentKey.Of(e, wanted, keys)])
        {
            if (_index.Find(key, e.OccurredAt) is { } found) return found;
        }

        return null;
    }

    /// <summary>Whether the address belongs to an incident, and was busy in it a moment ago.</summary>
    private bool IsGuessingNow(in AssessedEvent e)
    {
        Span<IncidentKey> keys = stackalloc IncidentKey[1];
        return IncidentKey.Of(e, IncidentKeys.Address, keys) > 0 && _index.Find(keys[0], e.OccurredAt, IncidentIndex.UnderWay) is not null;
    }

    /// <summary>Puts waves of guessing together that began and go on at the same time.</summary>
    private Incident MergeWaves(Incident incident)
    {
        while (_open.Find(other => other != incident && other.Wave.GoesWith(incident.Wave) && other.Reaches(incident.LastSeen, settings.QuietTime)) is { } other) incident = Merge(incident, other);
        return incident;
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
            if (_index.FindEnded(key, e.OccurredAt) is { } ended) before = ended;
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
        _index.Move(goes, stays);
        return stays;
    }

    private void Sweep()
    {
        _nextSweep = Newest + (settings.QuietTime / 24);
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (Newest - _open[i].LastSeen > settings.QuietTime) Close(_open[i]);
            else _index.MakeRoom(_open[i], Newest);
        }
    }

    private void Close(Incident incident)
    {
        incident.IsClosed = true;
        _open.Remove(incident);
        _index.Forget(incident);
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
