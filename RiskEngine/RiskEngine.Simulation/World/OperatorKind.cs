namespace RiskEngine.Simulation.World;

/// <summary>Who gives out addresses, and what for.</summary>
internal enum OperatorKind : byte
{
    Residential,
    Mobile,
    Business,
    Hotel,
    Vpn,
    Hosting,
}
