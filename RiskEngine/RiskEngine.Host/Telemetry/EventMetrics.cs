using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>Counts events by where they came from and what they tell.</summary>
internal sealed class EventMetrics
{
    private const int Outcomes = 4;

    // Together they make the most series that there are; everything is to stay under 200 KB a scrape.
    private const int Applications = 16, Methods = 7;

    private static readonly string[] OutcomeNames = ["success", "failure", "attempt", "mfa_failure"];

    private readonly Counter<long> _events;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _logins;
    private readonly Histogram<double> _lag;
    private readonly IntakeMetrics _intake;
    private readonly TimeProvider _clock;
    private readonly SourceMetrics _sources;
    private readonly BoundedLabel _applications = new(Applications);
    private readonly BoundedLabel _methods = new(Methods);
    private readonly int[] _kinds = new int[EventKinds.All.Count];
    private readonly int[] _loginCounts;
    private readonly List<int> _touched = [];

    public EventMetrics(InstrumentSet instruments, IntakeMetrics intake, SourceMetrics success, IReadOnlyList<string> sources, TimeProvider clock)
    {
        _loginCounts = new int[Outcomes * _applications.Capacity * _methods.Capacity];
        _intake = intake;
        _sources = success;
        _clock = clock;
        _events = instruments.Counter(
            "riskengine_events_total", "New events taken.",
            from source in sources from kind in EventKinds.All select Tags.Of("source", source, "kind", kind.Name()));
        _duplicates = instruments.Counter(
            "riskengine_events_duplicate_total", "Events whose id was seen before.", sources.Select(source => Tags.Of("source", source)));
        _logins = instruments.Counter("riskengine_logins_total", "Attempts to sign in. Applications beyond the first sixteen and methods beyond the first seven are other; none is where the source names none.");
        _lag = instruments.Histogram(
            "riskengine_event_lag_seconds", "Time from an event to its being stored here.", Buckets.Lags, sources.Select(source => Tags.Of("source", source)));
    }

    /// <summary>Counts the events of one submission.</summary>
    public void Count(Effects effects, string source, int first, int count)
    {
        var label = new KeyValuePair<string, object?>("source", source);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (count > 0 && effects[first].Outcome == EventOutcome.Corrected) return; // A person's word, and no source that could fall silent.
        int duplicates = 0, tooOld = 0;
        for (var i = first; i < first + count; i++)
        {
            var outcome = effects[i].Outcome;
            if (outcome == EventOutcome.Duplicate) duplicates++;
            else if (outcome == EventOutcome.TooOld) tooOld++;
            if (outcome is EventOutcome.Duplicate or EventOutcome.TooOld or EventOutcome.Hinted) continue;
            ref readonly var e = ref effects.Batch.Events[i];
            _kinds[(int)e.Kind]++;
            _lag.Record(Math.Max(0, now - e.OccurredAt.UnixMilliseconds) / 1000.0, label);
            CountLogin(effects.Batch, e);
        }

        for (var kind = 0; kind < _kinds.Length; kind++)
        {
            if (_kinds[kind] > 0) _events.Add(_kinds[kind], label, new("kind", ((EventKind)kind).Name()));
        }

        Array.Clear(_kinds);
        TellLogins();
        if (duplicates > 0) _duplicates.Add(duplicates, label);
        if (tooOld > 0) _intake.Rejected(source, DefectReason.TooOld, tooOld);
        _sources.Succeeded(source, DateTimeOffset.FromUnixTimeMilliseconds(now));
    }

    private void CountLogin(EventBatch batch, in LoginEvent e)
    {
        var outcome = e.Kind switch
        {
            EventKind.Login => 0,
            EventKind.LoginFailed => 1,
            EventKind.LoginAttempt => 2,
            EventKind.MfaFailed => 3,
            _ => -1,
        };
        if (outcome < 0) return;
        var index = (((outcome * _applications.Capacity) + _applications.Number(batch.Text(e.Application))) * _methods.Capacity) + _methods.Number(batch.Text(e.AuthMethod));
        if (_loginCounts[index]++ == 0) _touched.Add(index);
    }

    private void TellLogins()
    {
        foreach (var index in _touched)
        {
            var method = index % _methods.Capacity;
            var application = index / _methods.Capacity % _applications.Capacity;
            var outcome = index / (_methods.Capacity * _applications.Capacity);
            _logins.Add(
                _loginCounts[index], new("outcome", OutcomeNames[outcome]), new("application", _applications.Name(application)), new("auth_method", _methods.Name(method)));
            _loginCounts[index] = 0;
        }

        _touched.Clear();
    }
}
