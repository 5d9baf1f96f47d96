using RiskEngine.Simulation.Benchmarking.Traffic.Logins;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Campaigns;

/// <summary>One try of a spray.</summary>
/// <param name="Subject">Whose name it is; −1 for nobody's.</param>
/// <param name="Name">Number of the name where it is nobody's.</param>
/// <param name="Hits">Whether the password was right.</param>
internal readonly record struct SprayTry(long Time, LoginShown Shown, int Subject, int Name, bool Hits);
