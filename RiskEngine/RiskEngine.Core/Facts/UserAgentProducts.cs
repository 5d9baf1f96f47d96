using System.Text;
using static RiskEngine.Core.Facts.UserAgentNames;

namespace RiskEngine.Core.Facts;

/// <summary>What one word of a user agent tells.</summary>
internal enum UserAgentWord : byte
{
    /// <summary>A word that every agent may carry and that tells nothing.</summary>
    Filler,

    /// <summary>A browser; the highest rank of an agent names it, since each imitates those of lower rank.</summary>
    Browser,
    Library,

    /// <summary>A library only where the agent begins with it.</summary>
    LeadingLibrary,
    Bot,
    System,
    Mobile,
    Tablet,
    WebView,

    /// <summary>Apple's "Version/": the version of Safari or of Android's own browser.</summary>
    Version,

    /// <summary>"rv:11.0" and the like are told by "Trident/".</summary>
    Trident,

    /// <summary>What follows is what the agent pretends to be.</summary>
    Like,

    /// <summary>"NT", "OS", "X", "Phone": the word before them names the system, the number after them its version.</summary>
    SystemVersion,
}

/// <summary>The words that are known, found by their bytes without allocating.</summary>
/// <remarks>A small open hash table over length, first, middle and last byte. Words are compared exactly, in the case that agents write them.</remarks>
internal static class UserAgentProducts
{
    private const int Slots = 1024;

    private static readonly Product[] Table = Fill();

    /// <param name="name">The word up to a slash.</param>
    public static ref readonly Product Find(ReadOnlySpan<byte> name)
    {
        var slot = Slot(name);
        while (Table[slot].Name is { } known && !name.SequenceEqual(known)) slot = (slot + 1) & (Slots - 1);
        return ref Table[slot];
    }

    private static int Slot(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : ((name.Length * 0x9E5) ^ (name[0] * 0x61) ^ (name[name.Length / 2] * 0x1F3) ^ (name[^1] * 0x11)) & (Slots - 1);

    private static Product[] Fill()
    {
        var table = new Product[Slots];
        Add(table, UserAgentWord.Filler, 0, 0, "Mozilla AppleWebKit KHTML Gecko Intel U compatible Win64 x64 WOW64 CPU x86_64 K en-US Build X11");
        Add(table, UserAgentWord.Version, 0, 0, "Version");
        Add(table, UserAgentWord.Trident, 0, 0, "Trident");
        Add(table, UserAgentWord.Like, 0, 0, "like");
        Add(table, UserAgentWord.SystemVersion, 0, 0, "NT OS X");
        Add(table, UserAgentWord.Mobile, 0, 0, "Mobile");
        Add(table, UserAgentWord.Tablet, 0, 0, "Tablet");
        Add(table, UserAgentWord.WebView, 0, 0, "wv");
        AddBrowsers(table);
        AddLibraries(table);
        AddBots(table);
        AddSystems(table);
        return table;
    }

    private static void AddBrowsers(Product[] table)
    {
        const UserAgentWord word = UserAgentWord.Browser;
        Add(table, word, Safari, 1, "Safari");
        Add(table, word, Chrome, 2, "Chrome CriOS");
        Add(table, word, Firefox, 2, "Firefox FxiOS Fennec Waterfox LibreWolf");
        Add(table, word, InternetExplorer, 2, "MSIE");
        Add(table, word, Opera, 2, "Opera");
        foreach (var (id, words) in new (byte, string)[]
        {
            (Chromium, "Chromium"), (Edge, "Edg EdgA EdgiOS Edge EdgW"), (Opera, "OPR OPiOS OPT OPX"), (Samsung, "SamsungBrowser SamsungBrowserLite"), (Vivaldi, "Vivaldi"),
            (Brave, "Brave BraveBrowser"), (Yandex, "YaBrowser YaSearchBrowser YaApp_Android YaSearchApp YandexSearch"), (Uc, "UCBrowser UBrowser UCWEB UCMini"),
            (DuckDuckGo, "Ddg DuckDuckGo"), (Miui, "MiuiBrowser XiaoMi"), (Huawei, "HuaweiBrowser ArkWeb"), (OperaMini, "Mini"), (Silk, "Silk"),
            (Qq, "QQBrowser MQQBrowser"), (Whale, "Whale"), (CocCoc, "coc_coc_browser"), (Ecosia, "Ecosia"), (Puffin, "Puffin"), (SeaMonkey, "SeaMonkey"),
            (PaleMoon, "PaleMoon"), (Konqueror, "Konqueror Falkon"), (Epiphany, "Epiphany"), (Electron, "Electron"), (Avast, "Avast AVG Avira CCleaner"),
            (Maxthon, "Maxthon"), (Aloha, "AlohaBrowser"), (Focus, "Focus Klar"), (Oculus, "OculusBrowser"),
        }) Add(table, word, id, 3, words);
        foreach (var (id, words) in new (byte, string)[]
        {
            (GoogleApp, "GSA"), (Facebook, "FBAN FBAV FB_IAB FB4A FBIOS Messenger MessengerForiOS"), (Instagram, "Instagram Barcelona"), (Line, "Line"),
            (Snapchat, "Snapchat"), (WeChat, "MicroMessenger"), (TikTok, "TikTok musical_ly BytedanceWebview trill"), (Pinterest, "Pinterest"),
            (Twitter, "Twitter TwitterAndroid"), (LinkedIn, "LinkedInApp"), (KakaoTalk, "KAKAOTALK"),
        }) Add(table, word, id, 4, words);
        Add(table, UserAgentWord.Bot, HeadlessChrome, 5, "HeadlessChrome");
    }

    private static void AddLibraries(Product[] table)
    {
        foreach (var (id, words) in new (byte, string)[]
        {
            (Curl, "curl libcurl"), (Wget, "Wget"), (PythonRequests, "python-requests"), (PythonUrllib, "Python-urllib"), (Aiohttp, "aiohttp"),
            (Httpx, "python-httpx"), (Go, "Go-http-client"), (OkHttp, "okhttp"), (ApacheHttp, "Apache-HttpClient Jakarta"), (NodeFetch, "node-fetch"),
            (Axios, "axios"), (Undici, "undici"), (Postman, "PostmanRuntime"), (Insomnia, "insomnia Insomnia"), (Perl, "libwww-perl lwp-request"), (Ruby, "Faraday"),
            (Php, "GuzzleHttp Guzzle Symfony"), (CfNetwork, "CFNetwork"), (PowerShell, "WindowsPowerShell PowerShell"), (RestSharp, "RestSharp"),
            (Httpie, "HTTPie"), (LoadTest, "k6 ApacheBench wrk Gatling JMeter siege vegeta"), (Rust, "reqwest hyper ureq"),
            (OtherLibrary, "axel aria2 lua-resty-http Deno superagent httplib2 pycurl akka-http Netty ReactorNetty AsyncHttpClient http-kit hackney"),
        }) Add(table, UserAgentWord.Library, id, 5, words);
        foreach (var (id, words) in new (byte, string)[]
        {
            (Java, "Java Java-http-client"), (NodeFetch, "node Node.js"), (Ruby, "Ruby"), (Go, "Go"), (LoadTest, "hey"), (OtherLibrary, "Bun got"), (Php, "PHP"), (Dart, "Dart"), (Dalvik, "Dalvik"), (PythonUrllib, "Python Python3 python"),
        }) Add(table, UserAgentWord.LeadingLibrary, id, 5, words);
    }

    private static void AddBots(Product[] table)
    {
        foreach (var (id, words) in new (byte, string)[]
        {
            (Googlebot, "Googlebot Googlebot-Image AdsBot-Google Mediapartners-Google APIs-Google Google-InspectionTool GoogleOther"), (Bingbot, "bingbot BingPreview adidxbot"),
            (PhantomJs, "PhantomJS"), (Preview, "facebookexternalhit WhatsApp TelegramBot Slackbot-LinkExpanding Discordbot SkypeUriPreview"),
            (Monitoring, "Pingdom Pingdom.com_bot UptimeRobot StatusCake Site24x7 Zabbix Blackbox-Exporter kube-probe ELB-HealthChecker GoogleHC Datadog Chrome-Lighthouse"),
            (Scrapy, "Scrapy"), (Selenium, "Selenium Playwright Puppeteer webdriver"),
            (Bot, "Slurp Yahoo! archiver heritrix Nutch masscan zgrab Nikto sqlmap Nmap nuclei CensysInspect Expanse"),
        }) Add(table, UserAgentWord.Bot, id, 6, words);
    }

    private static void AddSystems(Product[] table)
    {
        foreach (var (id, rank, words) in new (byte, byte, string)[]
        {
            (Linux, 1, "Linux Ubuntu Fedora Debian"), (Bsd, 1, "FreeBSD OpenBSD NetBSD DragonFly"), (Windows, 2, "Windows Windows98"), (MacOs, 2, "Macintosh Mac"),
            (Ios, 3, "iPhone iPad iPod iOS iPadOS"), (Android, 3, "Android"), (ChromeOs, 3, "CrOS"), (WindowsPhone, 4, "Phone IEMobile WPDesktop"),
            (KaiOs, 5, "KAIOS"), (Tizen, 4, "Tizen"), (HarmonyOs, 4, "HarmonyOS OpenHarmony"), (PlayStation, 4, "PlayStation PLAYSTATION"), (Xbox, 4, "Xbox"),
            (WebOs, 4, "Web0S webOS hpwOS"), (BlackBerry, 4, "BlackBerry BB10 PlayBook"), (Symbian, 4, "Symbian SymbianOS SymbOS Series60"), (J2me, 4, "J2ME MIDP"),
            (Chromecast, 5, "CrKey"), (Nintendo, 4, "Nintendo"), (Fuchsia, 4, "Fuchsia"),
        }) Add(table, UserAgentWord.System, id, rank, words);
    }

    private static void Add(Product[] table, UserAgentWord word, byte id, byte rank, string names)
    {
        foreach (var name in names.Split(' '))
        {
            var bytes = Encoding.ASCII.GetBytes(name);
            var slot = Slot(bytes);
            while (table[slot].Name is not null) slot = (slot + 1) & (Slots - 1);
            table[slot] = new Product(bytes, word, id, rank);
        }
    }

    /// <summary>A known word.</summary>
    /// <param name="Name">Null where there is none.</param>
    /// <param name="Rank">Among words of its sort, the higher wins.</param>
    internal readonly record struct Product(byte[]? Name, UserAgentWord Word, byte Id, byte Rank);
}
