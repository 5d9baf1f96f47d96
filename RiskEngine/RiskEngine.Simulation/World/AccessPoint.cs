using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.World;

/// <summary>Whence somebody connects: an address, whose it is, and where a geo database places it.</summary>
internal sealed record AccessPoint(IpAddress Address, NetworkOperator Operator, City City, GeoPosition Position)
{
    /// <summary>The same line with another interface id, as privacy extensions (RFC 8981) make them; IPv4 stays as it is.</summary>
    public AccessPoint WithInterface(SeededRandom random) => Address.IsIPv4 ? this : this with { Address = new IpAddress(Address.High, random.Next() | 1) };
}
