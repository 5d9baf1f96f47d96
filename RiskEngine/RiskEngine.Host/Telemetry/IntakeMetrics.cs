using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of events before they reach the pipeline: those that no format understands.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class IntakeMetrics
{
    private readonly Counter<long> _rejected;

    internal IntakeMetrics(InstrumentSet instruments, IEnumerable<string> sources) =>
        _rejected = instruments.Counter(
            "riskengine_events_rejected_total", "Input that no format understands, events too old to tell repeats by, (unjudgeable) events of a file that judging failed on, and (unconfirmable) what a webhook tells beside a poll that no poll can confirm.",
            from source in sources from reason in DefectReasons.All select Tags.Of("source", source, "reason", reason.Name()));

    public void Rejected(string source, DefectReason reason, int count = 1) =>
        _rejected.Add(count, new("source", source), new("reason", reason.Name()));
}
