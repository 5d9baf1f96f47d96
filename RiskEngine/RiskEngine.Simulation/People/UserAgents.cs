using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>Composes user agents in the forms browsers have frozen them to, with versions that rise about once a month.</summary>
internal static class UserAgents
{
    private const string Mozilla = "Mozilla/5.0 (";
    private const string WebKit = ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/";
    private const string AppleWebKit = ") AppleWebKit/605.1.15 (KHTML, like Gecko) Version/";

    // Chrome 144 and Firefox 147 came out on 13 January 2026 and every four weeks since; Safari 26.2 a month before, a minor version every two months.
    private static readonly EventTime Reference = EventTime.From(new DateTimeOffset(2026, 1, 13, 0, 0, 0, TimeSpan.Zero));
    private static readonly TimeSpan ReleaseCycle = TimeSpan.FromDays(28);
    private static readonly string[] Libraries = ["python-requests/2.32.5", "Go-http-client/2.0", "okhttp/4.12.0", "curl/8.14.1", "Java-http-client/21.0.5"];

    private static readonly double[] DesktopShares = [34, 13, 5, 22, 8, 5, 13];
    private static readonly double[] PhoneShares = [46, 50, 4];

    public static Browser Desktop(SeededRandom random) => (Browser)random.Weighted(DesktopShares);

    public static Browser Phone(SeededRandom random) => (Browser)((int)Browser.SafariPhone + random.Weighted(PhoneShares));

    public static string Library(SeededRandom random) => random.Pick(Libraries);

    /// <summary>Number of releases since the reference, for a device that installs them <paramref name="lag"/> later.</summary>
    public static int Release(EventTime now, TimeSpan lag) => (int)Math.Floor((now - Reference - lag) / ReleaseCycle);

    public static string Compose(Browser browser, int release) => browser switch
    {
        Browser.ChromeWindows => $"{Mozilla}Windows NT 10.0; Win64; x64{WebKit}{144 + release}.0.0.0 Safari/537.36",
        Browser.ChromeMac => $"{Mozilla}Macintosh; Intel Mac OS X 10_15_7{WebKit}{144 + release}.0.0.0 Safari/537.36",
        Browser.ChromeLinux => $"{Mozilla}X11; Linux x86_64{WebKit}{144 + release}.0.0.0 Safari/537.36",
        Browser.EdgeWindows => $"{Mozilla}Windows NT 10.0; Win64; x64{WebKit}{144 + release}.0.0.0 Safari/537.36 Edg/{144 + release}.0.0.0",
        Browser.FirefoxWindows => Firefox("Windows NT 10.0; Win64; x64", release, "20100101"),
        Browser.FirefoxLinux => Firefox("X11; Linux x86_64", release, "20100101"),
        Browser.SafariMac => $"{Mozilla}Macintosh; Intel Mac OS X 10_15_7{AppleWebKit}{Safari(release)} Safari/605.1.15",
        Browser.SafariPhone => $"{Mozilla}iPhone; CPU iPhone OS 18_7 like Mac OS X{AppleWebKit}{Safari(release)} Mobile/15E148 Safari/604.1",
        Browser.ChromeAndroid => $"{Mozilla}Linux; Android 10; K{WebKit}{144 + release}.0.0.0 Mobile Safari/537.36",
        _ => Firefox("Android 15; Mobile", release, $"{147 + release}.0"),
    };

    private static string Firefox(string platform, int release, string gecko) =>
        $"{Mozilla}{platform}; rv:{147 + release}.0) Gecko/{gecko} Firefox/{147 + release}.0";

    private static string Safari(int release)
    {
        var minor = Math.Max(0, 2 + (int)Math.Floor((release + 1) / 2.0));
        return $"{26 + (minor / 7)}.{minor % 7}";
    }
}
