using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Where an address can be reached from. Only a <see cref="Public"/> one says anything about who uses it.</summary>
public enum AddressScope : byte
{
    /// <summary>No address was given.</summary>
    Unknown,

    /// <summary>Reachable from anywhere. Documentation ranges (RFC 5737, RFC 3849) count as public, so that examples behave like the real thing.</summary>
    Public,

    /// <summary>A network of one's own: RFC 1918, RFC 4193 (fc00::/7).</summary>
    Private,

    /// <summary>The machine itself: 127.0.0.0/8, ::1.</summary>
    Loopback,

    /// <summary>One cable: 169.254.0.0/16, fe80::/10.</summary>
    LinkLocal,

    /// <summary>Between a carrier and its customers: 100.64.0.0/10 (RFC 6598).</summary>
    CarrierNat,

    /// <summary>224.0.0.0/4, ff00::/8: never a source.</summary>
    Multicast,

    /// <summary>Set aside by the IANA special-purpose registries for anything else: "this network", protocol assignments, benchmarks, discard, class E.</summary>
    Reserved,
}

/// <summary>Tells the scope of an address (IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890).</summary>
/// <remarks>6to4 and Teredo addresses are plain IPv6: what they embed is a claim of the sender. IPv4-mapped ones, and those that NAT64 made, are IPv4: see <see cref="IpAddress"/>.</remarks>
public static class AddressScopes
{
    public static AddressScope Of(in IpAddress address) =>
        address.IsUnknown ? AddressScope.Unknown : address.IsIPv4 ? OfIPv4(address.IPv4) : OfIPv6(address.High, address.Low);

    /// <summary>Whether detectors may judge by the address: only when it is public.</summary>
    public static bool IsEvaluable(this AddressScope scope) => scope == AddressScope.Public;

    private static AddressScope OfIPv4(uint address) => (address >> 24) switch
    {
        0 => AddressScope.Reserved,
        10 => AddressScope.Private,
        100 when (address & 0xFFC0_0000) == 0x6440_0000 => AddressScope.CarrierNat,
        127 => AddressScope.Loopback,
        169 when (address & 0xFFFF_0000) == 0xA9FE_0000 => AddressScope.LinkLocal,
        172 when (address & 0xFFF0_0000) == 0xAC10_0000 => AddressScope.Private,
        192 when (address & 0xFFFF_0000) == 0xC0A8_0000 => AddressScope.Private,
        192 when (address & 0xFFFF_FF00) == 0xC000_0000 => AddressScope.Reserved,
        198 when (address & 0xFFFE_0000) == 0xC612_0000 => AddressScope.Reserved,
        >= 240 => AddressScope.Reserved,
        >= 224 => AddressScope.Multicast,
        _ => AddressScope.Public,
    };

    private static AddressScope OfIPv6(ulong high, ulong low)
    {
        if (high == 0) return low == 1 ? AddressScope.Loopback : AddressScope.Reserved;
        if (high == 0x0100_0000_0000_0000) return AddressScope.Reserved;
        return (high >> 56) switch
        {
            0xFC or 0xFD => AddressScope.Private,
            0xFE when (high >> 54) == 0x3FA => AddressScope.LinkLocal,
            0xFF => AddressScope.Multicast,
            >= 0x20 and <= 0x3F => AddressScope.Public,
            0x00 when (high >> 32) == 0x0064_FF9B => AddressScope.Public,
            _ => AddressScope.Reserved,
        };
    }
}
