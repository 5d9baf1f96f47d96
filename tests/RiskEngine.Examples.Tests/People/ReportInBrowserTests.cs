using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RiskEngine.Examples.Tests.Oidc;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Responders.Tests;
using RiskEngine.Testing;

namespace RiskEngine.Examples.Tests.People;

/// <summary>"This wasn't me" as a person meets it: the link that a real webhook brought, in Chromium, without script and without a mouse.</summary>
public sealed class ReportInBrowserTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Receiver _mailer = null!;
    private ServedProgram _program = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        if (!ChromiumTheoryAttribute.IsThere) return;
        _mailer = await Receiver.StartAsync();
        _folder.Write("secret", new string('s', 40));
        _folder.Write("policy.yaml", "mode: enforce\nrules:\n  - { name: ask-jane, when: { subject: ['42'] }, then: challenge }\n");
        _folder.Write("riskengine.yaml", $"http: {{ public_url: 'http://127.0.0.1:4999' }}\npolicy: {{ file: policy.yaml }}\nwebhooks:\n  - {{ name: people, url: '{_mailer.Url}', secret_file: secret, names: true, events: [decisions], window: 0s, report_link: true, report_link_for: 1h }}\n");
        _program = await ServedProgram.StartAsync(_folder.FullName);
        _admin = _program.Client();
    }

    public async Task DisposeAsync()
    {
        _admin?.Dispose();
        if (_program is not null) await _program.DisposeAsync();
        if (_mailer is not null) await _mailer.DisposeAsync();
        _folder.Dispose();
    }

    [ChromiumTheory]
    [InlineData("en-GB", false, "Was this you?", "This wasn't me", "Thank you", "Already reported")]
    [InlineData("de-AT", true, "Waren Sie das?", "Das war ich nicht", "Danke", "Bereits gemeldet")]
    public async Task A_person_reads_confirms_with_the_keyboard_and_is_told_the_second_time_that_it_is_done(string language, bool isDark, string question, string button, string thanks, string again)
    {
        var link = await LinkAsync("e1", DateTimeOffset.UtcNow);
        // What looks at links in mail, before the person does.
        using var scanner = new HttpClient();
        for (var i = 0; i < 3; i++) Assert.Equal(200, (int)(await scanner.GetAsync(link)).StatusCode);
        await AssertLabelAsync("e1", null);

        await using var profile = await ArriveAsync(language, isDark);
        var page = await profile.NewPageAsync();
        List<string> asked = [], complaints = [];
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => complaints.Add(message.Text);
        await page.GotoAsync(link.ToString());
        Assert.Equal(question, await HeadingAsync(page));
        Assert.Equal(language[..2], await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Contains("Firefox", await page.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);
        await PictureAsync(page, $"question-{language[..2]}");
        Assert.Equal([link.ToString()], asked);
        Assert.Empty(complaints);
        await AssertLabelAsync("e1", null);

        var other = await profile.NewPageAsync();
        await other.GotoAsync(link.ToString());

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = button })).ToBeFocusedAsync();
        await PictureAsync(page, $"focus-{language[..2]}");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(thanks);
        await PictureAsync(page, $"thanks-{language[..2]}");
        await AssertLabelAsync("e1", "compromised");

        await other.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Heading)).ToHaveTextAsync(again);
        await page.GotoAsync(link.ToString());
        Assert.Equal(again, await HeadingAsync(page));
        Assert.Equal(0, await page.GetByRole(AriaRole.Button).CountAsync());
    }

    [ChromiumTheory]
    [InlineData("en-GB", "This link has ended", "This link is not valid")]
    [InlineData("de-DE", "Dieser Link ist abgelaufen", "Dieser Link ist nicht gültig")]
    public async Task A_link_that_has_ended_or_was_cut_says_so_and_has_no_button(string language, string ended, string cut)
    {
        var link = await LinkAsync("old", DateTimeOffset.UtcNow - TimeSpan.FromHours(2));
        await using var profile = await ArriveAsync(language, isDark: false);
        var page = await profile.NewPageAsync();
        await page.GotoAsync(link.ToString());
        Assert.Equal(ended, await HeadingAsync(page));
        Assert.Equal(0, await page.GetByRole(AriaRole.Button).CountAsync());
        await PictureAsync(page, $"ended-{language[..2]}");
        await page.GotoAsync(link.ToString()[..^5]);
        Assert.Equal(cut, await HeadingAsync(page));
        await AssertLabelAsync("old", null);
    }

    private Task<IBrowserContext> ArriveAsync(string language, bool isDark) => browser.Window.NewContextAsync(new BrowserNewContextOptions
    {
        Locale = language,
        ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        JavaScriptEnabled = false,
        // A telephone: that is where mail is read.
        ViewportSize = new ViewportSize { Width = 390, Height = 700 },
    });

    /// <summary>Tells of a login and waits for the link that the webhook brings, as a mailer would put it into a message.</summary>
    private async Task<Uri> LinkAsync(string id, DateTimeOffset at)
    {
        using var taken = await _admin.PostAsJsonAsync("/api/v1/events", new
        {
            id,
            occurred_at = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            kind = "login",
            subject = new { id = "42", name = "jane" },
            source_ip = "203.0.113.7",
            application = "grafana",
            geo = new { country = "DE", city = "Berlin" },
            user_agent = Visitor.KnownBrowser,
        });
        Assert.Equal(202, (int)taken.StatusCode);
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (_mailer.All.IsEmpty && DateTime.UtcNow < patience) await Task.Delay(50);
        Assert.True(_mailer.All.TryDequeue(out var told), "The webhook was told of nothing.");
        using var body = JsonDocument.Parse(told.Body);
        return new Uri(_program.Address, new Uri(body.RootElement.GetProperty("report_url").GetString()!).AbsolutePath);
    }

    private async Task AssertLabelAsync(string id, string? label)
    {
        var stored = await _admin.GetFromJsonAsync<JsonElement>($"/api/v1/assessments/{id}?explain=true");
        Assert.Equal(label, stored.GetProperty("label") is { ValueKind: JsonValueKind.Object } said ? said.GetProperty("label").GetString() : null);
    }

    private static async Task<string> HeadingAsync(IPage page) => await page.GetByRole(AriaRole.Heading).InnerTextAsync();

    private static async Task PictureAsync(IPage page, string name) =>
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = RepositoryRoot.Path("TestResults", "people", name + ".png") });
}
