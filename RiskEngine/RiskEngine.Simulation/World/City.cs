namespace RiskEngine.Simulation.World;

/// <summary>A real city. Time zones are winter offsets: the simulation knows no daylight saving.</summary>
internal sealed record City(string Name, string Country, GeoPosition Position, TimeSpan UtcOffset);

/// <summary>A country and its cities, the first one being where its offices are.</summary>
/// <param name="Weight">Share of the people who live there, relative to the other countries.</param>
internal sealed record Country(string Code, double Weight, City[] Cities);
