namespace RiskEngine.Core.Facts;

/// <summary>What sort of network an address belongs to, as far as feeds and databases tell; several may hold at once.</summary>
[Flags]
public enum NetworkKinds : byte
{
    None = 0,

    /// <summary>An exit of the Tor network.</summary>
    Tor = 1,

    /// <summary>A VPN or open proxy: whoever is behind it chose to be elsewhere.</summary>
    Vpn = 2,

    /// <summary>A hosting provider: servers, not people.</summary>
    DataCentre = 4,

    /// <summary>A mobile carrier: many people behind few addresses, and they move.</summary>
    Mobile = 8,

    /// <summary>A privacy relay of an operating system or browser: ordinary people, location blurred.</summary>
    Relay = 16,
}
