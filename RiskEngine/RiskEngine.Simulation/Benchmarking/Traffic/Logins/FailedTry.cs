namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>A try of somebody honest, or of one of the programs that knock everywhere, that failed.</summary>
/// <param name="Row">The login that follows it; −1 where the name is nobody's.</param>
/// <param name="Name">Number of the name where it is nobody's.</param>
/// <param name="IsScripted">Whether a program tries, which says so in its user agent.</param>
internal readonly record struct FailedTry(long Time, LoginShown Shown, int Row, int Name, bool IsScripted);
