namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>What the stream is held to: figures of the RBA data set.</summary>
/// <remarks>
/// Wiefling, Jørgensen, Thunem and Lo Iacono, "Pump Up Password Security!", ACM TOPS 26(1), 2022, data set under CC BY 4.0; collected from public scans of the
/// whole file, as the file itself is not at hand. Shares of countries are those of all rows times their success rates.
/// </remarks>
internal static class PublishedMarginals
{
    /// <summary>Shares of subjects with 1, 2 to 9, 10 to 27 and more logins.</summary>
    public static double[] LoginsPerSubject { get; } = [0.397, 0.518, 0.075, 0.010];

    /// <summary>Shares of logins by seconds since the subject's last: below 60, 600, an hour, a day, a week, thirty days, above.</summary>
    public static double[] Gaps { get; } = [0.040, 0.107, 0.051, 0.112, 0.172, 0.214, 0.303];

    /// <summary>Share of logins from an address new to the account, by the same bins.</summary>
    public static double[] NewAddress { get; } = [0.024, 0.054, 0.120, 0.223, 0.351, 0.539, 0.759];

    public static double NewNetwork => 0.085;

    public static double NewUserAgent => 0.52;

    public static double NewBrowserVersion => 0.41;

    public static double NewOsVersion => 0.22;

    public static double ListedLogins => 0.064;

    /// <summary>Shares of Norway, the United States, Brazil, Germany and all others among successful logins.</summary>
    public static double[] Countries { get; } = [0.691, 0.177, 0.030, 0.011, 0.091];

    public static string[] CountryCodes { get; } = ["NO", "US", "BR", "DE"];

    /// <summary>Shares of mobile, desktop, tablet and unknown devices, bots left out.</summary>
    public static double[] DeviceTypes { get; } = [0.672, 0.271, 0.027, 0.030];

    public static string[] DeviceTypeNames { get; } = ["mobile", "desktop", "tablet"];

    /// <summary>Median successes per minute by hour, read off a figure at nine hours and interpolated between.</summary>
    public static double[] Hours { get; } = Shares([5, 5.7, 6.3, 7, 10.3, 13.7, 17, 22.3, 27.7, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 27.5, 22, 15, 8]);

    /// <summary>How often a simulated attacker of another study on the same data shares country, system, user agent and type of device with the victim.</summary>
    public static IReadOnlyDictionary<string, double[]> Overlap { get; } = new Dictionary<string, double[]>
    {
        ["naive"] = [0.531, 0.208, 0.014, 0.51],
        ["vpn"] = [1.0, 0.419, 0.017, 0.56],
        ["targeted"] = [0.974, 1.0, 1.0, 1.0],
    };

    public static string[] OverlapNames { get; } = ["country", "system", "user agent", "device type"];

    /// <summary>Shares of takeovers by desktops, and of accounts without history (46 of 130).</summary>
    public static (double Desktop, double NoHistory) Takeovers => (0.851, 0.354);

    private static double[] Shares(double[] values) => [.. values.Select(value => value / values.Sum())];
}
