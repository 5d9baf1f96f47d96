using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A workplace whose people all show one of its few addresses.</summary>
internal sealed record Office(City City, AccessPoint[] Exits);
