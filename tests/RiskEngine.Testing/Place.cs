using RiskEngine.Core.Facts;

namespace RiskEngine.Testing;

/// <summary>Where a login of a test comes from. Addresses and systems are of the documentation ranges.</summary>
/// <param name="Address">Text of the address; empty for none.</param>
/// <param name="Asn">Zero for unknown.</param>
/// <param name="Country">Two letters; empty for unknown.</param>
/// <param name="Latitude">Degrees; NaN for unknown.</param>
/// <param name="Longitude">Degrees; NaN for unknown.</param>
public sealed record Place(string Address, uint Asn, string Country, double Latitude, double Longitude)
{
    public NetworkKinds Networks { get; init; }

    /// <summary>Gets kilometres; zero for unknown.</summary>
    public ushort AccuracyRadius { get; init; } = 20;

    public static Place Home { get; } = new("198.51.100.10", 64500, "DE", 52.52, 13.40);

    /// <summary>Gets another address of the same /24.</summary>
    public static Place NextDoor { get; } = Home with { Address = "198.51.100.77" };

    /// <summary>Gets another network of the same provider in the same town.</summary>
    public static Place Renumbered { get; } = Home with { Address = "192.0.2.10" };

    /// <summary>Gets another provider in the same town.</summary>
    public static Place Cafe { get; } = new("203.0.113.20", 64501, "DE", 52.50, 13.45);

    public static Place Lisbon { get; } = new("2001:db8:10::1", 64510, "PT", 38.72, -9.14);

    public static Place Tokyo { get; } = new("2001:db8:11::1", 64511, "JP", 35.68, 139.69);

    public static Place Carrier { get; } = Cafe with { Address = "2001:db8:12::1", Asn = 64502, Networks = NetworkKinds.Mobile };

    public static Place Vpn { get; } = new("2001:db8:20::1", 64520, "DE", 50.11, 8.68) { Networks = NetworkKinds.Vpn };

    public static Place Server { get; } = new("2001:db8:21::1", 64521, "DE", 50.11, 8.68) { Networks = NetworkKinds.DataCentre };

    public static Place Tor { get; } = new("2001:db8:22::1", 64522, "NL", 52.37, 4.90) { Networks = NetworkKinds.Tor };

    public static Place Relay { get; } = new("2001:db8:23::1", 64523, "FR", 48.86, 2.35) { Networks = NetworkKinds.Relay };

    public static Place Private { get; } = new("10.0.0.7", 0, "", double.NaN, double.NaN);

    /// <summary>Gets a public address of which no database knows anything.</summary>
    public static Place Nowhere { get; } = new("203.0.113.9", 0, "", double.NaN, double.NaN);

    public static Place None { get; } = Private with { Address = "" };
}
