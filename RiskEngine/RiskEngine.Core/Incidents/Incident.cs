using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>Risky events that belong together: what was done, from where, to whom, and what was decided.</summary>
/// <remarks>Of bounded size whatever its number of events. Not thread-safe: <see cref="IncidentBook"/> changes it, and readers build an <see cref="IncidentReport"/>.</remarks>
public sealed class Incident
{
    /// <summary>Addresses, networks and autonomous systems that are counted one by one.</summary>
    public const int CountedAddresses = 64, CountedNetworks = 16, CountedAsns = 16;

    /// <summary>Accounts hit that are told of; the rest is counted.</summary>
    public const int ToldHits = 50;

    /// <summary>What stands in the place of a subject, and of its events, that was erased.</summary>
    public const string Erased = "erased";

    /// <summary>Subjects tried, merged ids, and keys that are remembered.</summary>
    internal const int ToldTried = 10, ToldMerged = 64, KeyCapacity = 1024;

    /// <summary>Incidents end with a fortnight, so that noise that never ceases makes one report after the other, and a later start finds the same ones.</summary>
    private const long Fortnight = 14 * 86_400_000L;

    private readonly long[] _kinds = new long[IncidentKinds.All.Count + 1];
    private readonly Dictionary<ulong, HitSubject> _hit = [];
    private readonly List<(ulong Subject, string Text)> _tried = [];
    private readonly List<string> _merged = [];
    private readonly SortedSet<string> _techniques = new(StringComparer.Ordinal);
    private DecisionCounts _decisions;
    private ulong _highest;

    internal Incident(in AssessedEvent first, long number)
    {
        Number = number;
        Id = IdOf(first);
        FirstSeen = LastSeen = first.OccurredAt;
        var (period, offset) = Math.DivRem(first.OccurredAt.UnixMilliseconds, Fortnight);
        EndsBefore = new EventTime((period + (offset <= Fortnight / 2 ? 1 : 2)) * Fortnight);
    }

    /// <summary>Gets the name that stays: it is made of the event that opened it.</summary>
    public string Id { get; }

    /// <summary>Gets ids of incidents that turned out to be parts of this one; they lead here.</summary>
    public IReadOnlyList<string> Merged => _merged;

    /// <summary>Gets the incident that this one goes on from, which had lasted long enough; null for none.</summary>
    public string? Continues { get; internal init; }

    public EventTime FirstSeen { get; private set; }

    public EventTime LastSeen { get; private set; }

    public long Events { get; private set; }

    /// <summary>Gets how many of the events were attempts that failed or whose outcome was not known.</summary>
    public long Attempts { get; private set; }

    public DecisionCounts Decisions => _decisions;

    /// <summary>Gets how many of the decisions above allow were enforced.</summary>
    public long Enforced { get; private set; }

    /// <summary>Gets the highest risk score, 0 to 100, and the event that had it.</summary>
    public double HighestScore { get; private set; } = -1;

    public string HighestEventId { get; private set; } = "";

    public Tally<IpAddress> Addresses { get; } = new(CountedAddresses);

    public Tally<IpAddress> Networks { get; } = new(CountedNetworks);

    public Tally<uint> Asns { get; } = new(CountedAsns);

    /// <summary>Gets the subjects on which an attempt failed, unknown names among them.</summary>
    public DistinctCount SubjectsTried { get; } = new();

    /// <summary>Gets the subjects that were got into.</summary>
    public DistinctCount SubjectsHit { get; } = new();

    /// <summary>Gets the first accounts hit, in order.</summary>
    public IEnumerable<HitSubject> Hit => _hit.Values.OrderBy(hit => hit.At).ThenBy(hit => hit.EventId, StringComparer.Ordinal);

    /// <summary>Gets the first subjects tried, as texts; <see cref="Erased"/> for one that was erased.</summary>
    public IReadOnlyList<string> Tried => [.. _tried.Select(tried => tried.Text)];

    public Timeline Timeline { get; } = new();

    /// <summary>Gets the techniques of MITRE ATT&amp;CK that its signals name.</summary>
    public IReadOnlyCollection<string> Techniques => _techniques;

    public IncidentKind Kind
    {
        get
        {
            var kind = IncidentKind.Attempt;
            for (var i = IncidentKind.PasswordSpray; i <= IncidentKind.DistributedBruteForce; i++)
            {
                if (_kinds[(int)i] > _kinds[(int)kind] || (kind == IncidentKind.Attempt && _kinds[(int)i] > 0)) kind = i;
            }

            if (kind != IncidentKind.Attempt) return kind;
            return IncidentKinds.All.FirstOrDefault(each => _kinds[(int)each] > 0);
        }
    }

    public IncidentSeverity Severity
    {
        get
        {
            if (_hit.Values.Any(hit => hit.Persists) || SubjectsHit.Count >= 3) return IncidentSeverity.Critical;
            if (SubjectsHit.Count > 0 || _kinds[(int)IncidentKind.MfaFatigue] > 0 || _kinds[(int)IncidentKind.HoneyAccount] > 0) return IncidentSeverity.High;
            return Attempts >= 50 ? IncidentSeverity.Medium : IncidentSeverity.Low;
        }
    }

    /// <summary>Gets the order in which incidents were opened.</summary>
    public long Number { get; }

    internal List<IncidentKey> Keys { get; } = [];

    internal Wave Wave { get; } = new();

    /// <summary>Gets when it ends at the latest.</summary>
    internal EventTime EndsBefore { get; }

    /// <summary>Gets or sets whether it takes no more events.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>Whether something that happened then would still belong to it.</summary>
    public bool Reaches(EventTime at, TimeSpan quietTime) => !IsClosed && at - LastSeen <= quietTime && FirstSeen - at <= quietTime && at < EndsBefore;

    public long Count(IncidentKind kind) => _kinds[(int)kind];

    /// <summary>Whether that subject is among the accounts hit that are told of.</summary>
    public bool HasHit(ulong subject) => _hit.ContainsKey(subject);

    /// <summary>Adds a step.</summary>
    /// <returns>Whether its wave of guessing is to be compared with those of others.</returns>
    internal bool Add(in AssessedEvent e, in IncidentStep step)
    {
        if (e.OccurredAt < FirstSeen) FirstSeen = e.OccurredAt;
        if (e.OccurredAt > LastSeen) LastSeen = e.OccurredAt;
        Events++;
        _kinds[(int)step.Kind]++;
        _decisions.Add(e.Action);
        if (e is { Enforced: true, Action: not DecisionAction.Allow }) Enforced++;
        Timeline.Add(step.Kind, e.OccurredAt, e.Action);
        if (step.Named != SignalCode.None && step.Named.Describe().Attack is { } technique) _techniques.Add(technique);
        AddSource(e);
        AddSubject(e, step);
        if (e.Score > HighestScore) (HighestScore, HighestEventId, _highest) = (e.Score, Encoding.UTF8.GetString(e.EventId), e.Subject);
        return step.Kind is IncidentKind.PasswordSpray or IncidentKind.CredentialStuffing && Wave.Add(e.OccurredAt);
    }

    /// <summary>Forgets who a subject was, and the ids of its events. That there was one stays counted, until a start finds the incident without it.</summary>
    /// <param name="nobody">A number that stands for it from now on, in every incident.</param>
    internal void Forget(ulong subject, ulong nobody)
    {
        SubjectsTried.Replace(subject, nobody);
        SubjectsHit.Replace(subject, nobody);
        Keys.Remove(new IncidentKey(IncidentKeys.Subject, subject));
        for (var i = 0; i < _tried.Count; i++)
        {
            if (_tried[i].Subject == subject) _tried[i] = (nobody, Erased);
        }

        if (_hit.Remove(subject, out var hit)) _hit[nobody] = hit with { Subject = Erased, EventId = Erased };
        if (_highest == subject) HighestEventId = Erased;
    }

    /// <summary>Takes everything of another incident, which is then a part of this one.</summary>
    internal void Absorb(Incident other)
    {
        if (other.FirstSeen < FirstSeen) FirstSeen = other.FirstSeen;
        if (other.LastSeen > LastSeen) LastSeen = other.LastSeen;
        Events += other.Events;
        Attempts += other.Attempts;
        Enforced += other.Enforced;
        for (var i = 0; i < _kinds.Length; i++) _kinds[i] += other._kinds[i];
        _decisions.Add(other._decisions);
        Timeline.Add(other.Timeline);
        Wave.Add(other.Wave);
        _techniques.UnionWith(other._techniques);
        Addresses.Add(other.Addresses);
        Networks.Add(other.Networks);
        Asns.Add(other.Asns);
        SubjectsTried.Add(other.SubjectsTried);
        SubjectsHit.Add(other.SubjectsHit);
        foreach (var (subject, text) in other._tried) Try(subject, text);
        foreach (var (subject, hit) in other._hit) AddHit(subject, hit);
        foreach (var id in other._merged.Prepend(other.Id)) Tell(_merged, id, ToldMerged);
        if (other.HighestScore > HighestScore) (HighestScore, HighestEventId, _highest) = (other.HighestScore, other.HighestEventId, other._highest);
    }

    private void AddSource(in AssessedEvent e)
    {
        if (e.SourceIp.IsUnknown) return;
        Addresses.Add(e.SourceIp.Unit, e.SourceIp);
        Networks.Add(e.SourceIp.Network, e.SourceIp);
        if (e.Asn != 0) Asns.Add(e.Asn, e.Asn);
    }

    private void AddSubject(in AssessedEvent e, in IncidentStep step)
    {
        if (!e.IsInside)
        {
            Attempts++;
            SubjectsTried.Add(e.Subject);
            if (_tried.Count < ToldTried) Try(e.Subject, Encoding.UTF8.GetString(e.SubjectText));
        }

        if (_hit.TryGetValue(e.Subject, out var known) && e.IsInside)
        {
            known.Events++;
            known.Persists |= step.Kind == IncidentKind.Persistence;
        }
        else if (step.IsHit)
        {
            SubjectsHit.Add(e.Subject);
            _techniques.Add("T1078");
            AddHit(e.Subject, new HitSubject
            {
                Subject = Encoding.UTF8.GetString(e.SubjectText),
                Tenant = Encoding.UTF8.GetString(e.Tenant),
                Kind = step.Kind,
                At = e.OccurredAt,
                EventId = Encoding.UTF8.GetString(e.EventId),
                Action = e.Action,
                Enforced = e.Enforced,
                Score = e.Score,
                Persists = step.Kind == IncidentKind.Persistence,
            });
        }
    }

    private void AddHit(ulong subject, HitSubject hit)
    {
        if (!_hit.TryGetValue(subject, out var known))
        {
            if (_hit.Count < ToldHits) _hit[subject] = hit;
            return;
        }

        var (first, second) = known.At <= hit.At ? (known, hit) : (hit, known);
        _hit[subject] = first with { Events = first.Events + second.Events, Persists = first.Persists || second.Persists };
    }

    private void Try(ulong subject, string text)
    {
        if (_tried.Count < ToldTried && !_tried.Exists(tried => tried.Text == text)) _tried.Add((subject, text));
    }

    private static void Tell(List<string> list, string text, int most)
    {
        if (list.Count < most && !list.Contains(text)) list.Add(text);
    }

    private static string IdOf(in AssessedEvent e)
    {
        var length = e.Tenant.Length + 1 + e.EventId.Length;
        var text = length <= 512 ? stackalloc byte[length] : new byte[length];
        e.Tenant.CopyTo(text);
        text[e.Tenant.Length] = 0;
        e.EventId.CopyTo(text[(e.Tenant.Length + 1)..]);
        return $"inc-{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 6))}";
    }
}
