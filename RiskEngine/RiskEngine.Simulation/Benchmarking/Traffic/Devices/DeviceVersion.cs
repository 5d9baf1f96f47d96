namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>What versions a device shows.</summary>
/// <param name="Release">Releases of its browser since the reference.</param>
/// <param name="Os">Index into the versions of its system.</param>
internal readonly record struct DeviceVersion(short Release, byte Os);
