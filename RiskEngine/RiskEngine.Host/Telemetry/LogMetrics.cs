using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of logging itself.</summary>
internal static class LogMetrics
{
    public static void Register(InstrumentSet instruments, DecisionLog decisions) => instruments.ReadCounter(
        "riskengine_log_entries_dropped_total", "Log lines about decisions left out because there were too many.",
        () => [new Measurement<long>(decisions.Dropped, new KeyValuePair<string, object?>("sink", "console"))]);
}
