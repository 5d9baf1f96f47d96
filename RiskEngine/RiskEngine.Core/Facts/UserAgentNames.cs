namespace RiskEngine.Core.Facts;

/// <summary>Ids of browsers, libraries, bots and systems. Stored in profiles: an id keeps its meaning for ever, new ones go to the end of their row.</summary>
internal static class UserAgentNames
{
    public const byte Chrome = 1, Safari = 2, Firefox = 3, Edge = 4, Opera = 5, Samsung = 6, AndroidWebView = 7, IosWebView = 8, AndroidBrowser = 9;
    public const byte InternetExplorer = 10, HeadlessChrome = 11, Vivaldi = 12, Brave = 13, Yandex = 14, Uc = 15, DuckDuckGo = 16, GoogleApp = 17;
    public const byte Facebook = 18, Instagram = 19, Line = 20, Snapchat = 21, Miui = 22, Huawei = 23, OperaMini = 24, WeChat = 25, TikTok = 26, Silk = 27;
    public const byte Qq = 28, Whale = 29, CocCoc = 30, Chromium = 31, Pinterest = 32, Twitter = 33, LinkedIn = 34, Ecosia = 35, Puffin = 36, SeaMonkey = 37;
    public const byte PaleMoon = 38, Konqueror = 39, Epiphany = 40, Electron = 41, KakaoTalk = 42, Avast = 43, Maxthon = 44, Aloha = 45, Focus = 46, Oculus = 47;

    public const byte Curl = 128, Wget = 129, PythonRequests = 130, PythonUrllib = 131, Aiohttp = 132, Httpx = 133, Go = 134, OkHttp = 135, ApacheHttp = 136;
    public const byte Java = 137, NodeFetch = 138, Axios = 139, Undici = 140, Postman = 141, Insomnia = 142, Perl = 143, Ruby = 144, Php = 145, Dart = 146;
    public const byte CfNetwork = 147, Dalvik = 148, PowerShell = 149, RestSharp = 150, Httpie = 151, LoadTest = 152, Rust = 153, OtherLibrary = 154;

    public const byte Bot = 200, Googlebot = 201, Bingbot = 202, PhantomJs = 203, Preview = 204, Monitoring = 205, Scrapy = 206, Selenium = 207;

    public const byte Windows = 1, MacOs = 2, Ios = 3, Android = 4, Linux = 5, ChromeOs = 6, WindowsPhone = 7, KaiOs = 8, Tizen = 9, HarmonyOs = 10, Bsd = 11;
    public const byte PlayStation = 12, Xbox = 13, WebOs = 14, BlackBerry = 15, Symbian = 16, J2me = 17, Chromecast = 18, Nintendo = 19, Fuchsia = 20;

    private static readonly string[] Browsers =
    [
        "unknown", "Chrome", "Safari", "Firefox", "Edge", "Opera", "Samsung Internet", "Android WebView", "iOS WebView", "Android Browser",
        "Internet Explorer", "Headless Chrome", "Vivaldi", "Brave", "Yandex Browser", "UC Browser", "DuckDuckGo", "Google app",
        "Facebook", "Instagram", "Line", "Snapchat", "MIUI Browser", "Huawei Browser", "Opera Mini", "WeChat", "TikTok", "Silk",
        "QQ Browser", "Whale", "Cốc Cốc", "Chromium", "Pinterest", "Twitter", "LinkedIn", "Ecosia", "Puffin", "SeaMonkey",
        "Pale Moon", "Konqueror", "Epiphany", "Electron", "KakaoTalk", "Avast", "Maxthon", "Aloha", "Firefox Focus", "Oculus Browser",
    ];

    private static readonly string[] Libraries =
    [
        "curl", "Wget", "python-requests", "Python-urllib", "aiohttp", "HTTPX", "Go-http-client", "OkHttp", "Apache HttpClient", "Java", "node-fetch", "axios",
        "undici", "Postman", "Insomnia", "libwww-perl", "Ruby", "PHP", "Dart", "CFNetwork", "Dalvik", "PowerShell", "RestSharp", "HTTPie", "load test", "Rust",
        "other library",
    ];

    private static readonly string[] Bots = ["bot", "Googlebot", "Bingbot", "PhantomJS", "link preview", "monitor", "Scrapy", "Selenium"];

    private static readonly string[] Systems =
    [
        "unknown", "Windows", "macOS", "iOS", "Android", "Linux", "Chrome OS", "Windows Phone", "KaiOS", "Tizen", "HarmonyOS", "BSD",
        "PlayStation", "Xbox", "webOS", "BlackBerry", "Symbian", "Java ME", "Chromecast", "Nintendo", "Fuchsia",
    ];

    public static string Browser(byte id)
    {
        var (row, index) = id >= Bot ? (Bots, id - Bot) : id >= Curl ? (Libraries, id - Curl) : (Browsers, id);
        return index < row.Length ? row[index] : Browsers[0];
    }

    public static string OperatingSystem(byte id) => id < Systems.Length ? Systems[id] : Systems[0];
}
