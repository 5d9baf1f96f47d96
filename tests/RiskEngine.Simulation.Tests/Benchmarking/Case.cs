using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking;

/// <summary>Cases with what a test needs of them, and somebody's ordinary login for the rest.</summary>
internal static class Case
{
    public static LoginAttributes Home { get; } = new("192.0.2.1", 64500, "DE", "Firefox/140 Linux", "Firefox 140", "Linux 6", "desktop", IsListed: false);

    public static BenchmarkCase Of(int subject, int history, int family = -1, BenchmarkSplit split = BenchmarkSplit.Test, long gap = 86_400, float[]? oracle = null) => new()
    {
        Json = default,
        OccurredAt = DateTimeOffset.UnixEpoch,
        Kind = family < 0 ? CaseKind.Honest : CaseKind.Probe,
        Split = split,
        Family = family,
        IsSuccess = true,
        Subject = subject,
        HistoryLength = history,
        GapSeconds = history == 0 ? -1 : gap,
        Attributes = Home,
        Oracle = oracle ?? [],
    };
}
