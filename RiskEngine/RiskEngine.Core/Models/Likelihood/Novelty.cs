namespace RiskEngine.Core.Models;

/// <summary>How far a login's place is from what the subject used before: the nearest thing that is known.</summary>
public enum NetworkNovelty : byte
{
    /// <summary>Nothing to compare: no address, or a history without any.</summary>
    Unknown,

    /// <summary>The same address, or IPv6 /64.</summary>
    Address,

    /// <summary>Another address in the same /24 or /48.</summary>
    Network,

    /// <summary>Another network of the same autonomous system, in whatever country.</summary>
    System,

    /// <summary>Another autonomous system in the same country.</summary>
    Country,

    /// <summary>A country and system never used before.</summary>
    Abroad,
}

/// <summary>How far a login's device, as its user agent tells, is from what the subject used before.</summary>
public enum DeviceNovelty : byte
{
    /// <summary>Nothing to compare.</summary>
    Unknown,

    /// <summary>The same user agent to the letter.</summary>
    UserAgent,

    /// <summary>Another version on the same browser, operating system and class of device.</summary>
    Platform,

    /// <summary>Another browser on the same operating system.</summary>
    Os,

    /// <summary>An operating system never used before.</summary>
    Unseen,
}

/// <summary>How new a login is: what is certain of it. Where a fact is missing the place lies between two levels.</summary>
/// <param name="Nearest">The least novelty of the place that is possible.</param>
/// <param name="Farthest">The most; the same where nothing is missing.</param>
public readonly record struct LoginNovelty(NetworkNovelty Nearest, NetworkNovelty Farthest, DeviceNovelty Device)
{
    /// <summary>Gets the novelty of the place where it is certain, else <see cref="NetworkNovelty.Unknown"/>.</summary>
    public NetworkNovelty Network => Nearest == Farthest ? Nearest : NetworkNovelty.Unknown;

    /// <summary>Gets both in one byte, as a history keeps them.</summary>
    public byte Packed => (byte)((byte)Network | ((byte)Device << 4));

    /// <summary>The place's novelty in a byte of <see cref="Packed"/>.</summary>
    public static NetworkNovelty NetworkIn(byte packed) => (NetworkNovelty)(packed & 0xF);

    /// <summary>The device's novelty in a byte of <see cref="Packed"/>.</summary>
    public static DeviceNovelty DeviceIn(byte packed) => (DeviceNovelty)(packed >> 4);

    /// <summary>Compares a login with a history.</summary>
    /// <param name="summary">How the history compares with the login.</param>
    /// <param name="placeSaysSomething">False for addresses that are drawn by lot or are nobody's: Tor, relays, private ones.</param>
    public static LoginNovelty Of(in HistorySummary summary, in PastLogin login, bool placeSaysSomething)
    {
        var (nearest, farthest) = placeSaysSomething ? PlaceOf(summary, login) : default;
        return new LoginNovelty(nearest, farthest, DeviceOf(summary, login));
    }

    private static (NetworkNovelty Nearest, NetworkNovelty Farthest) PlaceOf(in HistorySummary summary, in PastLogin login)
    {
        if (login.AddressUnit == 0 || summary.WithAddress == 0) return default;
        if (summary.SameAddress > 0) return (NetworkNovelty.Address, NetworkNovelty.Address);
        if (summary.SameNetwork > 0) return (NetworkNovelty.Network, NetworkNovelty.Network);
        if (summary.SameAsn > 0) return (NetworkNovelty.System, NetworkNovelty.System);
        var knowsSystem = login.Asn != 0 && summary.WithAsn > 0;
        var knowsCountry = login.Country.IsKnown && summary.WithCountry > 0;
        var nearest = knowsSystem ? NetworkNovelty.Country : NetworkNovelty.System;
        if (knowsCountry && summary.SameCountry == 0) return (NetworkNovelty.Abroad, NetworkNovelty.Abroad);
        return (nearest, knowsCountry ? NetworkNovelty.Country : NetworkNovelty.Abroad);
    }

    private static DeviceNovelty DeviceOf(in HistorySummary summary, in PastLogin login)
    {
        if (login.UserAgent == 0 || summary.WithUserAgent == 0) return DeviceNovelty.Unknown;
        if (summary.SameUserAgent > 0) return DeviceNovelty.UserAgent;
        if (summary.SamePlatform > 0) return DeviceNovelty.Platform;
        return summary.SameOs > 0 ? DeviceNovelty.Os : DeviceNovelty.Unseen;
    }
}
