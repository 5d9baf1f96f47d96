using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of logging itself.</summary>
internal static class LogMetrics
{
    public static void Register(InstrumentSet instruments, DecisionLog decisions, ILoggerFactory loggers) => instruments.ReadCounter(
        "riskengine_log_entries_dropped_total", "Log lines left out: decisions, because there were too many of them; stdout, because nobody read them.",
        () => [Of("decisions", decisions.Dropped), Of("stdout", loggers is JsonLogging lines ? lines.Dropped : 0)]);

    private static Measurement<long> Of(string sink, long dropped) => new(dropped, new KeyValuePair<string, object?>("sink", sink));
}
