namespace RiskEngine.Simulation.People;

/// <summary>A browser on an operating system, as it shows in a user agent.</summary>
internal enum Browser : byte
{
    ChromeWindows,
    ChromeMac,
    ChromeLinux,
    EdgeWindows,
    FirefoxWindows,
    FirefoxLinux,
    SafariMac,
    SafariPhone,
    ChromeAndroid,
    FirefoxAndroid,
}
