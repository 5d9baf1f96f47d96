using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Playwright;
using RiskEngine.Testing;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>Somebody with a browser at some address. What they do is what people do: they read headings and labels, type and press.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>The browser in which everybody signed in for a month.</summary>
    public const string KnownBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public const string OtherBrowser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

    private const float Patience = 20_000;

    private readonly SignInPage _site;
    private readonly IBrowserContext _profile;

    private Visitor(SignInPage site, IBrowserContext profile, IPage page) => (_site, _profile, Page) = (site, profile, page);

    public IPage Page { get; }

    public bool IsSignedIn => Page.Url.StartsWith(new Uri(_site.Application, "/callback").ToString(), StringComparison.Ordinal);

    /// <param name="from">The address that the proxy in front of the provider tells.</param>
    public static async Task<Visitor> ArriveAsync(Browser browser, SignInPage site, string from, string userAgent = KnownBrowser, string language = "en-GB", bool isDark = false)
    {
        var profile = await browser.Window.NewContextAsync(new BrowserNewContextOptions
        {
            UserAgent = userAgent,
            Locale = language,
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 900, Height = 720 },
            ExtraHTTPHeaders = [new("X-Forwarded-For", from)],
        });
        profile.SetDefaultTimeout(Patience);
        return new Visitor(site, profile, await profile.NewPageAsync());
    }

    /// <summary>Goes to the application, is sent to the provider, and gives name and password there.</summary>
    /// <returns>The heading of the page that followed.</returns>
    public async Task<string> SignInAsync(string name, string password)
    {
        await BeginAsync();
        return await GivePasswordAsync(name, password);
    }

    public async Task BeginAsync()
    {
        await Page.GotoAsync(_site.Application.ToString());
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task<string> GivePasswordAsync(string name, string password)
    {
        await Page.GetByLabel("User name").Or(Page.GetByLabel("Benutzername")).FillAsync(name);
        await Page.GetByLabel("Password").Or(Page.GetByLabel("Passwort")).FillAsync(password);
        return await SubmitAsync("Sign in", "Anmelden");
    }

    public async Task<string> GiveCodeAsync(string code)
    {
        await Page.GetByLabel("Six-digit code").Or(Page.GetByLabel("Sechsstelliger Code")).FillAsync(code);
        return await SubmitAsync("Continue", "Weiter");
    }

    /// <summary>What the page says in its content, as a reader of it hears it.</summary>
    public async Task<string> ContentAsync() => await Page.GetByRole(AriaRole.Main).InnerTextAsync();

    public async Task<string> AlertAsync() => await Page.GetByRole(AriaRole.Alert).InnerTextAsync();

    /// <summary>Keeps a picture of the page under <c>TestResults/oidc</c>.</summary>
    public async Task PictureAsync(string name) =>
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = RepositoryRoot.Path("TestResults", "oidc", name + ".png") });

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();

    /// <summary>The six digits of a secret at a time (RFC 6238), written down here a second time so that the example's own are held against something.</summary>
    public static string CodeOf(string secret, DateTimeOffset at)
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal).ToString("b5", CultureInfo.InvariantCulture)));
        var key = bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2)).ToArray();
        var counter = BitConverter.GetBytes(at.ToUnixTimeSeconds() / 30);
        Array.Reverse(counter);
#pragma warning disable CA5350 // It is the one that RFC 6238 has and that authenticators know.
        var digest = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var at4 = digest[19] & 15;
        var number = ((digest[at4] & 127) << 24) | (digest[at4 + 1] << 16) | (digest[at4 + 2] << 8) | digest[at4 + 3];
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private async Task<string> SubmitAsync(string english, string german)
    {
        var button = Page.GetByRole(AriaRole.Button, new() { Name = english, Exact = true }).Or(Page.GetByRole(AriaRole.Button, new() { Name = german, Exact = true }));
        // Every answer is a page of its own, also the one that shows the same form at the same address again: the page of before is marked.
        await Page.EvaluateAsync("() => document.documentElement.setAttribute('data-before', '')");
        await button.ClickAsync();
        return (await Page.Locator("html:not([data-before]) h1").TextContentAsync())!;
    }
}
