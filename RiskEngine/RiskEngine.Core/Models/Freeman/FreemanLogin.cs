namespace RiskEngine.Core.Models;

/// <summary>What Freeman's model sees of a login: an address and a user agent, each with the coarser levels above it.</summary>
/// <param name="Asn">Autonomous system, as text.</param>
/// <param name="Browser">Name and version.</param>
/// <param name="Os">Name and version.</param>
public readonly record struct FreemanLogin(string Address, string Asn, string Country, string UserAgent, string Browser, string Os, string DeviceType);
