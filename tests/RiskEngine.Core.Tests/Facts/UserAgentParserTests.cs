using System.Text;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Facts;

public sealed class UserAgentParserTests
{
    private const string Android = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UP1A) AppleWebKit/537.36 (KHTML, like Gecko) ";
    private const string Iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";
    private const string Mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) ";

    [Theory]
    [InlineData(Windows, "Chrome", 124, "Windows", 10, DeviceClass.Desktop)]
    [InlineData(Windows + " Edg/123.0.2420.97", "Edge", 123, "Windows", 10, DeviceClass.Desktop)]
    [InlineData(Windows + " OPR/109.0.0.0", "Opera", 109, "Windows", 10, DeviceClass.Desktop)]
    [InlineData(Windows + " Vivaldi/6.7", "Vivaldi", 6, "Windows", 10, DeviceClass.Desktop)]
    [InlineData(Windows + " Brave", "Brave", 124, "Windows", 10, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox", 115, "Windows", 7, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 6.3; WOW64; Trident/7.0; Touch; rv:11.0) like Gecko", "Internet Explorer", 11, "Windows", 8, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)", "Internet Explorer", 10, "Windows", 8, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 YaBrowser/23.11.0 Yowser/2.5 Safari/537.36", "Yandex Browser", 23, "Windows", 10, DeviceClass.Desktop)]
    [InlineData(Mac + "Version/17.4.1 Safari/605.1.15", "Safari", 17, "macOS", 10, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox", 124, "Linux", 0, DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "Chrome", 124, "Chrome OS", 0, DeviceClass.Desktop)]
    [InlineData(Iphone + "Version/17.4.1 Mobile/15E148 Safari/604.1", "Safari", 17, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1", "Chrome", 124, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "FxiOS/125.0 Mobile/15E148 Safari/605.1.15", "Firefox", 125, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "Version/17.0 EdgiOS/124.0.2478.50 Mobile/15E148 Safari/605.1.15", "Edge", 124, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "GSA/312.0.621 Mobile/15E148 Safari/604.1", "Google app", 312, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "Mobile/15E148 [FBAN/FBIOS;FBAV/458.0.0.29.107;FBBV/583]", "Facebook", 458, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "Mobile/15E148 Instagram 327.1.6.32.89 (iPhone14,7; iOS 17_4_1; en_US)", "Instagram", 327, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "Mobile/15E148 Safari Line/14.5.0", "Line", 14, "iOS", 17, DeviceClass.Mobile)]
    [InlineData(Iphone + "Mobile/15E148", "iOS WebView", 0, "iOS", 17, DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", "Safari", 16, "iOS", 16, DeviceClass.Tablet)]
    [InlineData(Android + "Chrome/124.0.0.0 Mobile Safari/537.36", "Chrome", 124, "Android", 14, DeviceClass.Mobile)]
    [InlineData(Android + "Chrome/124.0.0.0 Safari/537.36", "Chrome", 124, "Android", 14, DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.0.0 Mobile Safari/537.36", "Android WebView", 124, "Android", 14, DeviceClass.Mobile)]
    [InlineData(Android + "SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36", "Samsung Internet", 24, "Android", 14, DeviceClass.Mobile)]
    [InlineData(Android + "Version/4.0 Chrome/100.0 UCBrowser/13.4.0.1306 Mobile Safari/537.36", "UC Browser", 13, "Android", 14, DeviceClass.Mobile)]
    [InlineData(Android + "Chrome/124.0.0.0 Mobile Safari/537.36 EdgA/123.0.2420.102", "Edge", 123, "Android", 14, DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0", "Firefox", 125, "Android", 14, DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Android 13; Tablet; rv:125.0) Gecko/125.0 Firefox/125.0", "Firefox", 125, "Android", 13, DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (Linux; U; Android 2.3.6; de-de) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1", "Android Browser", 4, "Android", 2, DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0 Mobile Safari/537.36 Edge/15.14977", "Edge", 15, "Windows Phone", 10, DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Mobile; LYF/F90M; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Firefox", 48, "KaiOS", 2, DeviceClass.Mobile)]
    [InlineData("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS) Presto/2.5.25 Version/10.54", "Opera Mini", 9, "Java ME", 0, DeviceClass.Mobile)]
    [InlineData("curl/8.5.0", "curl", 8, "unknown", 0, DeviceClass.Library)]
    [InlineData("python-requests/2.31.0", "python-requests", 2, "unknown", 0, DeviceClass.Library)]
    [InlineData("Go-http-client/2.0", "Go-http-client", 2, "unknown", 0, DeviceClass.Library)]
    [InlineData("okhttp/4.12.0", "OkHttp", 4, "unknown", 0, DeviceClass.Library)]
    [InlineData("Dalvik/2.1.0 (Linux; U; Android 9; SM-G960F Build/PPR1)", "Dalvik", 2, "Android", 9, DeviceClass.Library)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", 2, "unknown", 0, DeviceClass.Bot)]
    [InlineData("Mozilla/5.0 (compatible; SomeCrawler/3.2; https://example.org)", "bot", 3, "unknown", 0, DeviceClass.Bot)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36", "Headless Chrome", 120, "Linux", 0, DeviceClass.Bot)]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Mobile Safari/537.36", "Chrome", 90, "Android", 9, DeviceClass.Mobile)]
    [InlineData("", "unknown", 0, "unknown", 0, DeviceClass.Unknown)]
    [InlineData("something of my own", "unknown", 0, "unknown", 0, DeviceClass.Unknown)]
    public void An_agent_is_known_for_what_it_is(string agent, string browser, int major, string system, int systemMajor, DeviceClass kind)
    {
        var facts = UserAgentParser.Parse(Encoding.UTF8.GetBytes(agent));

        Assert.Equal((browser, major, system, systemMajor, kind), (UserAgentParser.BrowserName(facts.Browser), facts.BrowserMajor, UserAgentParser.OsName(facts.Os), facts.OsMajor, facts.Class));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36", UserAgentContradiction.Systems)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7; Windows NT 10.0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15", UserAgentContradiction.Systems)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X; Android 13) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile Safari/604.1", UserAgentContradiction.Systems)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", UserAgentContradiction.BrowserOnSystem)]
    [InlineData("Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534.57.2 (KHTML, like Gecko) Version/5.1.7 Safari/534.57.2", UserAgentContradiction.None)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; Trident/7.0; rv:11.0) like Gecko", UserAgentContradiction.BrowserOnSystem)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/999.0.0.0 Safari/537.36", UserAgentContradiction.Version)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/160.0.0.0 Safari/537.36", UserAgentContradiction.None)]
    [InlineData("Mozilla/5.0 (Windows NT 42.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0", UserAgentContradiction.Version)]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0 Mobile Safari/537.36 Edge/15.14977", UserAgentContradiction.None)]
    [InlineData("curl/8.5.0 (Windows; Android; iPhone)", UserAgentContradiction.None)]
    [InlineData("", UserAgentContradiction.None)]
    public void What_no_device_ever_said_of_itself_is_a_contradiction(string agent, UserAgentContradiction contradiction) =>
        Assert.Equal(contradiction, UserAgentParser.Parse(Encoding.UTF8.GetBytes(agent)).Contradiction);

    [Fact]
    public void Any_bytes_are_an_agent()
    {
        var random = new Random(7);
        var bytes = new byte[2000];
        for (var i = 0; i < 5000; i++)
        {
            random.NextBytes(bytes);
            UserAgentParser.Parse(bytes.AsSpan(0, random.Next(bytes.Length)));
        }
    }

    [Fact]
    public void Every_id_has_a_name_and_no_two_the_same()
    {
        var names = Enumerable.Range(1, 255).Select(id => UserAgentParser.BrowserName((byte)id)).Where(name => name != "unknown").ToList();

        Assert.Equal(82, names.Count);
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var agent = Encoding.UTF8.GetBytes(Windows + " Edg/123.0.2420.97");
        UserAgentParser.Parse(agent);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) UserAgentParser.Parse(agent);
        }));
    }
}
