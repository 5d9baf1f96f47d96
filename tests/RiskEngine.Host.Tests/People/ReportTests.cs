using System.Net;
using System.Net.Http.Headers;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Responders.People;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Host.Tests.People;

/// <summary>"This wasn't me": the pages that a person meets, over the real server.</summary>
public sealed class ReportTests : ApiTests
{
    private const string Confirmed = "confirm=not-me";

    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task To_look_changes_nothing_however_often_and_to_confirm_says_compromised_once()
    {
        var link = await LinkAsync("e1");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await LookAsync(link)).Status);
        Assert.Empty(await WordsAsync());

        var (status, page) = await ConfirmAsync(link);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Thank you", page, StringComparison.Ordinal);
        Assert.Contains("Already reported", (await ConfirmAsync(link)).Page, StringComparison.Ordinal);
        Assert.Contains("Already reported", (await LookAsync(link)).Page, StringComparison.Ordinal);
        var word = Assert.Single(await WordsAsync());
        Assert.Equal(("person via link", "e1", "compromised"), (word.Who, word.Target, word.Detail));

        var account = await PostAsync("/api/v1/evaluate", SomeEvent.Login(null), 200);
        Assert.Contains(account.GetProperty("signals").EnumerateArray(), signal => signal.GetProperty("code").GetString() == "confirmed_compromise");
        var metrics = await Admin.GetStringAsync("/metrics");
        Assert.Contains("riskengine_feedback_total{label=\"compromised\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_report_links_total{outcome=\"reported\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_report_links_total{outcome=\"repeated\"} 2", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_used_once_does_not_take_back_what_an_administrator_said_after_it()
    {
        var link = await LinkAsync("e1");
        await ConfirmAsync(link);
        await PostAsync("/api/v1/feedback", new { event_id = "e1", label = "dismissed" }, 204);
        Assert.Contains("Already reported", (await ConfirmAsync(link)).Page, StringComparison.Ordinal);
        Assert.Equal(["compromised", "dismissed"], (await WordsAsync()).Select(word => word.Detail));
        Assert.Equal("dismissed", (await Server.Records.FindFeedbackAsync("default", ["e1"], CancellationToken.None))["e1"].Label.Name());
    }

    [Fact]
    public async Task What_is_no_confirmation_of_the_page_says_nothing()
    {
        var link = await LinkAsync("e1");
        foreach (var body in new[] { "", "confirm=safe", "label=safe&confirm=not-me", Confirmed + new string(' ', 300) })
        {
            var (status, page) = await ConfirmAsync(link, body);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("This did not work", page, StringComparison.Ordinal);
        }

        Assert.Empty(await WordsAsync());
    }

    [Fact]
    public async Task A_link_that_has_ended_was_forged_or_is_about_nobody_any_more_says_so_and_does_nothing()
    {
        var link = await LinkAsync("e1");
        await AssertAsync(link[..^2] + (link[^2] == 'A' ? "B" : "A") + link[^1], HttpStatusCode.NotFound, "This link is not valid");
        await AssertAsync(Link("nowhere"), HttpStatusCode.Gone, "This is not stored any more");
        await AssertAsync(Link("e1", subject: "7"), HttpStatusCode.Gone, "This is not stored any more");
        _clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await AssertAsync(link, HttpStatusCode.Gone, "This link has ended");
        Assert.Empty(await WordsAsync());
    }

    [Fact]
    public async Task A_link_of_an_erased_person_leads_nowhere()
    {
        var link = await LinkAsync("e1");
        using (var erased = await Admin.DeleteAsync("/api/v1/subjects/42")) Assert.True(erased.IsSuccessStatusCode);
        await AssertAsync(link, HttpStatusCode.Gone, "This is not stored any more");
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "", "Waren Sie das?", "Firefox unter Linux")]
    [InlineData("en-GB,de;q=0.9", "", "Was this you?", "Firefox on Linux")]
    [InlineData("fr,en;q=0.2,de;q=0.7", "", "Waren Sie das?", "")]
    [InlineData("de", "?lang=en", "Was this you?", "")]
    [InlineData("en", "?lang=de", "Waren Sie das?", "")]
    [InlineData("fr", "?lang=xx", "Was this you?", "")]
    [InlineData("de;q=0", "", "Was this you?", "")]
    public async Task The_page_speaks_the_visitors_language(string accepted, string query, string title, string device)
    {
        var page = (await LookAsync(await LinkAsync("e1") + query, accepted)).Page;
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Contains(device, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_tells_when_where_with_what_and_for_what_and_nothing_of_anybody_else()
    {
        var login = SomeEvent.Login("e1");
        (login["occurred_at"], login["application"], login["geo"]) = ($"{_clock.GetUtcNow():yyyy-MM-dd}T00:00:05Z", "<b>grafana\u202e</b>", new { country = "DE" });
        await PostAsync("/api/v1/events", login, 202);
        var page = (await LookAsync(Link("e1"), "de")).Page;
        Assert.Contains("00:00 UTC", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("<dd>Deutschland</dd>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;grafana&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.All(new[] { "<b>", "\u202e", "user42", "81.2.69.160", "<script", "http:", "https:", "src=" }, text => Assert.DoesNotContain(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_runs_is_framed_stored_indexed_or_told_to_others()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, await LinkAsync("e1"));
        using var response = await Server.Nobody.SendAsync(request);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.EndsWith("form-action 'self'; base-uri 'none'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal(("no-store", "no-referrer", "noindex, nofollow", "nosniff"), (Header("Cache-Control"), Header("Referrer-Policy"), Header("X-Robots-Tag"), Header("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Set-Cookie"));

        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
    }

    [Theory, InlineData("null"), InlineData("https://mail.example.org")]
    public async Task A_browser_that_names_another_page_or_none_may_confirm_for_the_link_is_the_only_credential(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, await LinkAsync("e1")) { Content = Form(Confirmed) };
        request.Headers.Add("Origin", origin);
        using var response = await Server.Nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(await WordsAsync());
    }

    [Fact]
    public async Task Who_tries_too_often_is_asked_to_wait()
    {
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 200 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using var response = await Server.Nobody.GetAsync("/not-me/guess");
            last = response.StatusCode;
            if (last == HttpStatusCode.TooManyRequests) Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task Where_no_webhook_brings_links_there_are_no_pages()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Nobody.GetAsync("/not-me/x");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    protected override Task<RunningServer> StartAsync()
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { HashKey = "a key for testing"u8[..16].ToArray(), Assessments = 100 }, _clock);
        return RunningServer.StartAsync(store, store, clock: _clock, change: settings => settings with { ReportLinks = true });
    }

    private async Task<string> LinkAsync(string id)
    {
        await PostAsync("/api/v1/events", SomeEvent.Login(id), 202);
        return Link(id);
    }

    private string Link(string id, string subject = "42")
    {
        var claim = new ReportClaim("default", id, SubjectHandle.Of(Server.Store.Hash, "default", subject), EventTime.From(_clock.GetUtcNow() + TimeSpan.FromDays(7)));
        return new ReportLinks(Server.Store.Hash).Link(Server.Nobody.BaseAddress!, claim)!.AbsoluteUri;
    }

    private async Task AssertAsync(string link, HttpStatusCode status, string title)
    {
        foreach (var (found, page) in new[] { await LookAsync(link), await ConfirmAsync(link) })
        {
            Assert.Equal(status, found);
            Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        }
    }

    private async Task<(HttpStatusCode Status, string Page)> LookAsync(string link, string? accepted = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await Server.Nobody.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<(HttpStatusCode Status, string Page)> ConfirmAsync(string link, string body = Confirmed)
    {
        using var response = await Server.Nobody.PostAsync(link, Form(body));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static StringContent Form(string body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };

    private async Task<IReadOnlyList<(string Who, string Target, string Detail)>> WordsAsync() =>
    [
        .. from entry in (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray()
           where entry.GetProperty("what").GetString() == "feedback"
           select (entry.GetProperty("who").GetString()!, entry.GetProperty("target").GetString()!, entry.GetProperty("detail").GetString()!),
    ];
}
