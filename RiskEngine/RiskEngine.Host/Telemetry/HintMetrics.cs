using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of events that a webhook told of before the poll did. Thread-safe.</summary>
internal sealed class HintMetrics
{
    private readonly Counter<long> _hints;

    public HintMetrics(InstrumentSet instruments, Func<int> pending)
    {
        string[] outcomes = ["confirmed", "unconfirmed", "untracked"];
        _hints = instruments.Counter("riskengine_hints_total", "Events that a webhook told of while authentik is polled: confirmed by the poll, unconfirmed after two polls (look at the log), untracked because too many wait.", outcomes.Select(outcome => Tags.Of("outcome", outcome)));
        instruments.Gauge("riskengine_hints_pending", "Events that a webhook told of and that the poll has still to confirm.", () => [new Measurement<double>(pending())]);
    }

    public void Told(bool isConfirmed) => _hints.Add(1, new KeyValuePair<string, object?>("outcome", isConfirmed ? "confirmed" : "unconfirmed"));

    /// <summary>Counts one that was judged and is not waited for, because too many wait.</summary>
    public void Untracked() => _hints.Add(1, new KeyValuePair<string, object?>("outcome", "untracked"));
}
