using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What this process does for all replicas of a store.</summary>
internal static class DutyMetrics
{
    /// <param name="leads">Whether it delivers, carries rows over and tidies up.</param>
    /// <param name="polls">Whether it polls.</param>
    public static void Register(InstrumentSet instruments, Func<bool> leads, Func<bool> polls) => instruments.Gauge(
        "riskengine_leads", "Whether this process does for all replicas of its store what only one may do: deliver (deliver what is owed, carry rows over, tidy up) and poll. Always 1 where the store is its own.",
        () => [Of("deliver", leads()), Of("poll", polls())]);

    private static Measurement<double> Of(string duty, bool isDone) => new(isDone ? 1 : 0, new KeyValuePair<string, object?>("duty", duty));
}
