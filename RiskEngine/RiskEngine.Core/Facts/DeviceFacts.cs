namespace RiskEngine.Core.Facts;

/// <summary>What a user agent claims to run on.</summary>
public enum DeviceClass : byte
{
    Unknown,
    Desktop,
    Mobile,
    Tablet,

    /// <summary>A crawler, monitor or driven browser that says so.</summary>
    Bot,

    /// <summary>A program, not a browser: curl, python-requests, okhttp.</summary>
    Library,
}

/// <summary>In what a user agent contradicts itself.</summary>
public enum UserAgentContradiction : byte
{
    None,

    /// <summary>Two operating systems that exclude each other.</summary>
    Systems,

    /// <summary>A browser on a system it was never made for.</summary>
    BrowserOnSystem,

    /// <summary>A version far beyond any that exists.</summary>
    Version,
}

/// <summary>What is known of the device behind a login, from its user agent alone: a claim, not a proof.</summary>
/// <remarks>Ids are stable across versions and stored in profiles; <see cref="UserAgentParser"/> names them. 0 is "unknown" everywhere.</remarks>
public struct DeviceFacts
{
    /// <summary>Id of the browser, or of the library or bot in its place.</summary>
    public byte Browser;

    /// <summary>Its major version, 0 when unknown.</summary>
    public ushort BrowserMajor;

    /// <summary>Id of the operating system.</summary>
    public byte Os;

    /// <summary>Its major version, 0 when unknown, 255 for more.</summary>
    public byte OsMajor;

    /// <summary>The class of device.</summary>
    public DeviceClass Class;

    /// <summary>What about the claim cannot be true.</summary>
    public UserAgentContradiction Contradiction;
}
