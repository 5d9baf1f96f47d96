using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>Which devices people have, in the forms that browsers have frozen their user agents to.</summary>
/// <remarks>
/// Types follow the RBA data set's rows without bots: 67.2 % mobile, 27.1 % desktop, 2.7 % tablet, 3.0 % unknown (Wiefling et al. 2022, CC BY 4.0),
/// with a point more of mobile ones, so that a random other login shares the type as often as published.
/// Within a type the shares are round numbers, phones split between iOS and Android about as there. Immutable.
/// </remarks>
internal static class DeviceCatalog
{
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS {o} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string IPad = "Mozilla/5.0 (iPad; CPU OS {o} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string Blink = ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{b}";
    private const string WindowsDesktop = "Mozilla/5.0 (Windows NT {o}; Win64; x64";
    private const string MacDesktop = "Mozilla/5.0 (Macintosh; Intel Mac OS X {o}";

    // Phones that still name themselves, by share.
    private static readonly string[] Phones =
    [
        "SM-S938B", "SM-A556B", "SM-S921B", "SM-A155F", "Pixel 9", "Pixel 8a", "CPH2653", "23127PN0CC", "SM-A346B", "Pixel 9 Pro", "SM-S928U", "moto g power 5G",
    ];

    public static DeviceModel[] Models { get; } = Build();

    public static int Draw(SeededRandom random) => Draw(random, null);

    /// <summary>A model of one type, or of any, by its share.</summary>
    public static int Draw(SeededRandom random, string? type)
    {
        var at = random.Uniform() * ShareOf(type);
        var last = 0;
        for (var i = 0; i < Models.Length; i++)
        {
            if (type is not null && Models[i].Type != type) continue;
            last = i;
            at -= Models[i].Share;
            if (at < 0) break;
        }

        return last;
    }

    public static double ShareOf(string? type)
    {
        double sum = 0;
        foreach (var model in Models) if (type is null || model.Type == type) sum += model.Share;
        return sum;
    }

    private static DeviceModel[] Build()
    {
        List<DeviceModel> models =
        [
            new(0.125, "mobile", IPhone + "Version/{b} Mobile/15E148 Safari/604.1", BrowserFamily.Safari, OsFamily.IPhone),
            new(0.068, "mobile", IPhone + "Version/{b} Mobile/15E148 Safari/604.1", BrowserFamily.SafariBefore, OsFamily.IPhoneBefore),
            new(0.070, "mobile", IPhone + "CriOS/{b} Mobile/15E148 Safari/604.1", BrowserFamily.ChromeFull, OsFamily.IPhone),
            new(0.045, "mobile", IPhone + "GSA/{b} Mobile/15E148 Safari/604.1", BrowserFamily.Search, OsFamily.IPhone),
            new(0.010, "mobile", IPhone + "FxiOS/{b} Mobile/15E148 Safari/605.1.15", BrowserFamily.Firefox, OsFamily.IPhone),
            new(0.090, "mobile", "Mozilla/5.0 (Linux; Android {o}; K" + Blink + " Mobile Safari/537.36", BrowserFamily.Chrome, OsFamily.Android),
            new(0.040, "mobile", "Mozilla/5.0 (Linux; Android {o}; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{b} Chrome/136.0.0.0 Mobile Safari/537.36",
                BrowserFamily.Samsung, OsFamily.Android),
            new(0.012, "mobile", "Mozilla/5.0 (Android {o}; Mobile; rv:{b}) Gecko/{b} Firefox/{b}", BrowserFamily.Firefox, OsFamily.AndroidNew),
            new(0.005, "mobile", "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/{o}", BrowserFamily.Fixed with { Name = "Firefox", Reference = 48 }, OsFamily.KaiOs),
            new(0.083, "desktop", WindowsDesktop + Blink + " Safari/537.36", BrowserFamily.Chrome, OsFamily.Windows),
            new(0.035, "desktop", WindowsDesktop + Blink + " Safari/537.36 Edg/{b}", BrowserFamily.Edge, OsFamily.Windows),
            new(0.020, "desktop", WindowsDesktop + "; rv:{b}) Gecko/20100101 Firefox/{b}", BrowserFamily.Firefox, OsFamily.Windows),
            new(0.008, "desktop", WindowsDesktop + ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 OPR/{b}", BrowserFamily.Opera, OsFamily.Windows),
            new(0.052, "desktop", MacDesktop + Blink + " Safari/537.36", BrowserFamily.Chrome, OsFamily.Mac),
            new(0.034, "desktop", MacDesktop + ") AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{b} Safari/605.1.15", BrowserFamily.Safari, OsFamily.Mac),
            new(0.006, "desktop", MacDesktop + "; rv:{b}) Gecko/20100101 Firefox/{b}", BrowserFamily.Firefox, OsFamily.MacFirefox),
            new(0.008, "desktop", "Mozilla/5.0 (X11; Linux x86_64" + Blink + " Safari/537.36", BrowserFamily.Chrome, OsFamily.Linux),
            new(0.004, "desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:{b}) Gecko/20100101 Firefox/{b}", BrowserFamily.Firefox, OsFamily.Linux),
            new(0.014, "desktop", "Mozilla/5.0 (X11; CrOS x86_64 {o}" + Blink + " Safari/537.36", BrowserFamily.Chrome, OsFamily.ChromeOs),
            new(0.017, "tablet", IPad + "CriOS/{b} Mobile/15E148 Safari/604.1", BrowserFamily.ChromeFull, OsFamily.IPhone),
            new(0.010, "tablet", "Mozilla/5.0 (Linux; Android {o}; SM-X710" + Blink + " Safari/537.36", BrowserFamily.Chrome, OsFamily.AndroidNew),
            new(0.029, "unknown", "Mozilla/5.0 (X11; Linux armv7l" + Blink + " Safari/537.36 CrKey/1.56.500000", BrowserFamily.Fixed, OsFamily.Linux),
        ];
        var named = 1 - models.Sum(model => model.Share);
        foreach (var phone in Phones)
        {
            models.Add(new DeviceModel(named / Phones.Length, "mobile", $"Mozilla/5.0 (Linux; Android {{o}}; {phone}{Blink} Mobile Safari/537.36",
                BrowserFamily.Chrome, OsFamily.AndroidNew));
        }

        return [.. models];
    }
}
