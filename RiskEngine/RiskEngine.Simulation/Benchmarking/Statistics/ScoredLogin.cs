using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>A sign-in that worked, with what the referee knows of it.</summary>
/// <param name="Family">Index of the attacker, −1 for an honest login.</param>
/// <param name="Subject">Whose account: the cluster that intervals are drawn by.</param>
/// <param name="History">Successful logins of the subject before.</param>
/// <param name="GapSeconds">Since the subject's last successful login; −1 for none.</param>
public readonly record struct ScoredLogin(BenchmarkSplit Split, int Family, int Subject, int History, long GapSeconds)
{
    public bool IsHonest => Family < 0;
}
