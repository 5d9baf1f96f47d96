using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.State;

/// <summary>Where an administrator was seen, by a key that worked: no rule blocks it for a while.</summary>
/// <param name="Network">An IPv4 address, or an IPv6 /64.</param>
/// <param name="SeenAt">When last, to the day or so.</param>
public readonly record struct OperatorAddress(AddressPrefix Network, EventTime SeenAt);
