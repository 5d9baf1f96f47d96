namespace RiskEngine.Simulation.Benchmarking.Traffic.Networks;

/// <summary>Who an autonomous system serves.</summary>
internal enum NetworkKind : byte
{
    Residential,
    Hosting,
    Vpn,
    Tor,
}
