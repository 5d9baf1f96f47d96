using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RiskEngine.Collectors.Authentik;
using RiskEngine.Collectors.Syslog;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of sources that are asked, and when each source last gave something or said that there is nothing.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SourceMetrics
{
    private readonly Counter<long> _polls;
    private readonly Counter<long> _ahead;
    private readonly Counter<long> _lost;
    private readonly ConcurrentDictionary<string, double> _lastSuccess = new();
    private readonly ConcurrentDictionary<string, double> _waiting = new();

    internal SourceMetrics(InstrumentSet instruments, IEnumerable<string> polled, IEnumerable<string> syslog)
    {
        string[] outcomes = ["ok", .. PollFailures.All.Select(PollFailures.Name)];
        _polls = instruments.Counter(
            "riskengine_source_polls_total", "Times that a source was asked, by what came of it: ok, or why it failed.",
            from source in polled from outcome in outcomes select Tags.Of("source", source, "outcome", outcome));
        _ahead = instruments.Counter(
            "riskengine_source_rows_ahead_total", "Rows that wait because they are dated too far ahead, each counted once.", polled.Select(source => Tags.Of("source", source)));
        _lost = instruments.Counter(
            "riskengine_syslog_lost_total", "Messages and connections of syslog that were not taken: queue_full (UDP), too_long, connections (more than 64 at once), cut_off, system (tries to receive or accept that failed, mostly for want of descriptors), stopped (waited when the process stopped).",
            from source in syslog from reason in Enum.GetValues<SyslogLoss>() select Tags.Of("source", source, "reason", Name(reason)));
        instruments.Gauge(
            "riskengine_source_last_success_timestamp_seconds", "When events of a source were last stored, or a source that is asked had no more, in Unix time.", () => Read(_lastSuccess));
        instruments.Gauge("riskengine_source_lag_events", "Rows or records that a source has and that were not taken yet, as of its last answer.", () => Read(_waiting));
    }

    /// <summary>Notes that a source works.</summary>
    public void Succeeded(string source, DateTimeOffset at) => _lastSuccess[source] = at.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Counts a poll.</summary>
    /// <param name="waiting">Rows known to wait; null where the poll did not tell.</param>
    public void Polled(string source, PollFailure failure, long? waiting)
    {
        _polls.Add(1, new("source", source), new("outcome", failure == PollFailure.None ? "ok" : failure.Name()));
        if (waiting is { } rows) _waiting[source] = rows;
    }

    /// <summary>Notes how much a source has that was not taken yet.</summary>
    public void Waiting(string source, long events) => _waiting[source] = events;

    /// <summary>Counts rows that wait for their time.</summary>
    public void Ahead(string source, int rows) => _ahead.Add(rows, new KeyValuePair<string, object?>("source", source));

    /// <summary>Counts what came by syslog and was not taken.</summary>
    public void Lost(string source, SyslogLoss reason, int count = 1) => _lost.Add(count, new("source", source), new("reason", Name(reason)));

    private static string Name(SyslogLoss reason) => reason switch
    {
        SyslogLoss.QueueFull => "queue_full",
        SyslogLoss.TooLong => "too_long",
        SyslogLoss.Connections => "connections",
        SyslogLoss.System => "system",
        SyslogLoss.Stopped => "stopped",
        _ => "cut_off",
    };

    private static IEnumerable<Measurement<double>> Read(ConcurrentDictionary<string, double> values) =>
        values.Select(entry => new Measurement<double>(entry.Value, new KeyValuePair<string, object?>("source", entry.Key)));
}
