using RiskEngine.Simulation.Benchmarking.Traffic.Devices;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>What a login shows, in the generator's own numbers.</summary>
/// <param name="Network">Index into the world's networks.</param>
/// <param name="Host">Number of the address within the network's pool.</param>
/// <param name="Model">Index into the device models.</param>
internal readonly record struct LoginShown(int Network, int Host, int Model, DeviceVersion Version);
