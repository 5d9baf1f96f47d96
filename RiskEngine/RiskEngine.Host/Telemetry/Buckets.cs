namespace RiskEngine.Host.Telemetry;

/// <summary>Upper bounds of histograms: fine where the budgets lie.</summary>
internal static class Buckets
{
    /// <summary>Gets seconds from a tenth of a millisecond to ten seconds.</summary>
    public static double[] Durations { get; } = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    /// <summary>Gets seconds from a tenth to a week: how late events arrive.</summary>
    public static double[] Lags { get; } = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400, 604_800];

    /// <summary>Gets risk scores, closer together where most logins lie.</summary>
    public static double[] Scores { get; } = [0.1, 0.3, 1, 3, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99];
}
