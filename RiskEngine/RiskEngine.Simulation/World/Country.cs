namespace RiskEngine.Simulation.World;

/// <summary>A country and its cities, the first one being where its offices are.</summary>
/// <param name="Weight">Share of the people who live there, relative to the other countries.</param>
internal sealed record Country(string Code, double Weight, City[] Cities);
