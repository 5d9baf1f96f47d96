namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>Which part of the stream is for what: the first three tenths to grow histories, a quarter to fit, an eighth for thresholds, a third to tell figures of.</summary>
internal sealed class Splits(DateTimeOffset start)
{
    private readonly long _start = start.ToUnixTimeMilliseconds();

    public BenchmarkSplit Of(long time) => ((time - _start) / (LoginTimes.Days * 86_400_000.0)) switch
    {
        < 0.30 => BenchmarkSplit.WarmUp,
        < 0.55 => BenchmarkSplit.Train,
        < 0.675 => BenchmarkSplit.Validation,
        _ => BenchmarkSplit.Test,
    };
}
