namespace RiskEngine.Simulation.World;

/// <summary>A real city. Time zones are winter offsets: the simulation knows no daylight saving.</summary>
internal sealed record City(string Name, string Country, GeoPosition Position, TimeSpan UtcOffset);
