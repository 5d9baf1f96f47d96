using System.Diagnostics.Metrics;
using RiskEngine.Host.Logging.Loki;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of logging itself.</summary>
internal static class LogMetrics
{
    public static void Register(InstrumentSet instruments, DecisionLog decisions, ILoggerFactory loggers)
    {
        var lines = loggers as JsonLogging;
        instruments.ReadCounter(
            "riskengine_log_entries_dropped_total",
            "Log lines left out: decisions, because there were too many of them; stdout, because nobody read them; loki, for any of the reasons of riskengine_loki_entries_dropped_total.",
            () => [Of("decisions", decisions.Dropped), Of("stdout", lines?.Dropped ?? 0), Of("loki", lines?.Loki?.Meter.AllLost ?? 0)]);
        LokiMetrics.Register(instruments, lines?.Loki);
    }

    private static Measurement<long> Of(string sink, long dropped) => new(dropped, new KeyValuePair<string, object?>("sink", sink));
}
