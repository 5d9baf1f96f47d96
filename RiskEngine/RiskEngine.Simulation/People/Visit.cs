using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>Somebody at a login page: whence and with what.</summary>
internal readonly record struct Visit(AccessPoint From, string UserAgent, string? DeviceId, string Application);
