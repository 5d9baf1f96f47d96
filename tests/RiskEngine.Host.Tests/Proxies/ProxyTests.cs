using System.Net;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Proxies;

/// <summary>The real nginx and the real HAProxy, configured by the files under <c>deploy/</c>.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private const string Challenge = "https://login.example.org/again";

    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(change: Trusting);

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    internal static ServerSettings Trusting(ServerSettings settings) => settings with
    {
        TrustedProxies = [Networks.Parse("127.0.0.1")],
        ForwardAuth = new ForwardAuthSettings { ChallengeUrl = new Uri(Challenge), SubjectHeader = "X-RiskEngine-Subject", SessionHeader = "X-RiskEngine-Session" },
    };

    private Uri Url => new(_server.App.Urls.First());

    [LinuxTheory("nginx", "haproxy", "curl")]
    [InlineData(Proxy.Nginx)]
    [InlineData(Proxy.Haproxy)]
    public async Task The_block_list_is_loaded_and_refuses_whom_it_names(string kind)
    {
        await using var proxy = await Proxy.StartAsync(kind, Url, asks: false);
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.7"));

        var block = await BlockAsync("ip", "203.0.113.7");
        await BlockAsync("range", "198.51.100.0/24");
        await BlockAsync("ip", "2001:db8::7");
        Assert.Equal((0, ""), await proxy.UpdateListAsync(Url, _server.AdminKey));
        await proxy.UntilAsync(async () => await proxy.StatusAsync("203.0.113.7") == HttpStatusCode.Forbidden, "the blocked address is refused");
        await proxy.UntilAsync(async () => await proxy.StatusAsync("198.51.100.200") == HttpStatusCode.Forbidden, "an address of the blocked range is refused");
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8"));

        var written = File.GetLastWriteTimeUtc(proxy.List);
        Assert.Equal((0, ""), await proxy.UpdateListAsync(Url, _server.AdminKey));
        Assert.Equal(written, File.GetLastWriteTimeUtc(proxy.List));

        using var released = await _server.Admin.DeleteAsync($"/api/v1/blocks/{block}");
        Assert.Equal((0, ""), await proxy.UpdateListAsync(Url, _server.AdminKey));
        await proxy.UntilAsync(async () => await proxy.StatusAsync("203.0.113.7") == HttpStatusCode.OK, "the released address passes");
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("198.51.100.200"));

        // A list that cannot be fetched changes nothing.
        Assert.Equal(1, (await proxy.UpdateListAsync(Url, "rk_wrong")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("198.51.100.200"));
    }

    [LinuxTheory("nginx", "haproxy")]
    [InlineData(Proxy.Nginx)]
    [InlineData(Proxy.Haproxy)]
    public async Task Blocked_visitors_are_refused_at_once_and_what_visitors_write_themselves_counts_for_nothing(string kind)
    {
        await using var proxy = await Proxy.StartAsync(kind, Url);
        await BlockAsync("ip", "203.0.113.7");
        await BlockAsync("subject", "mallory");

        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8"));
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.8", "/", ("Cookie", "checked=mallory")));

        // A blocked visitor claims to come from elsewhere; another one is made out to be a blocked address, or a blocked person.
        foreach (var header in new[] { "X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Original-For", "True-Client-IP" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.7", "/", (header, "203.0.113.8")));
            Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8", "/", (header, "203.0.113.7")));
        }

        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8", "/", ("X-RiskEngine-Subject", "mallory")));
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.8", "/", ("Cookie", "checked=mallory"), ("X-RiskEngine-Subject", "jane"), ("Authorization", "Bearer " + _server.AdminKey)));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8", "/", ("Origin", "https://elsewhere.example"), ("Cookie", new string('a', 6000))));
        if (kind == Proxy.Nginx) Assert.Equal(HttpStatusCode.NotFound, await proxy.StatusAsync("203.0.113.7", "/riskengine"));
    }

    [LinuxTheory("nginx", "haproxy")]
    [InlineData(Proxy.Nginx)]
    [InlineData(Proxy.Haproxy)]
    public async Task Somebody_signed_in_at_an_address_that_a_rule_blocked_is_challenged_and_passes_after_it(string kind)
    {
        await using var proxy = await Proxy.StartAsync(kind, Url);
        BlockByRule("203.0.113.9");
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.9"));
        using (var challenged = await proxy.VisitAsync("203.0.113.9", "/page?a=b&c=d", ("Cookie", "checked=jane")))
        {
            Assert.Equal(HttpStatusCode.Found, challenged.StatusCode);
            Assert.StartsWith(Challenge + "?rd=http%3A%2F%2F127.0.0.1", challenged.Headers.Location!.OriginalString, StringComparison.Ordinal);
            Assert.EndsWith("%2Fpage%3Fa%3Db%26c%3Dd", challenged.Headers.Location.OriginalString, StringComparison.Ordinal);
        }

        var passed = new { kind = "challenge_passed", occurred_at = DateTimeOffset.UtcNow, subject = new { id = "jane" }, source_ip = "203.0.113.9" };
        using (await _server.Admin.PostAsync("/api/v1/events", Json.Body(passed)))
        {
        }

        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.9", "/page", ("Cookie", "checked=jane")));
        Assert.Equal(HttpStatusCode.Found, await proxy.StatusAsync("203.0.113.9", "/page", ("Cookie", "checked=john")));
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.9"));
    }

    [LinuxFact("nginx")]
    public async Task A_gateway_of_an_api_tells_a_challenged_client_what_login_it_needs()
    {
        await using var proxy = await Proxy.StartAsync(Proxy.Nginx, Url, file: "step-up.conf");
        BlockByRule("203.0.113.9");
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.8", "/", ("Cookie", "checked=jane")));
        Assert.Equal(HttpStatusCode.Forbidden, await proxy.StatusAsync("203.0.113.9"));
        using (var challenged = await proxy.VisitAsync("203.0.113.9", "/orders", ("Cookie", "checked=jane")))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, challenged.StatusCode);
            var needed = Assert.Single(challenged.Headers.WwwAuthenticate);
            Assert.Equal("Bearer", needed.Scheme);
            Assert.Equal("error=\"insufficient_user_authentication\", error_description=\"A more recent or stronger login is needed\", acr_values=\"urn:example:mfa\", max_age=\"300\"", needed.Parameter);
            Assert.Equal(("application/json", null), (challenged.Content.Headers.ContentType!.MediaType, challenged.Headers.Location));
            Assert.Equal("insufficient_user_authentication", (await Json.ReadAsync(challenged)).GetProperty("error").GetString());
        }

        var passed = new { kind = "challenge_passed", occurred_at = DateTimeOffset.UtcNow, subject = new { id = "jane" }, source_ip = "203.0.113.9" };
        using (await _server.Admin.PostAsync("/api/v1/events", Json.Body(passed)))
        {
        }

        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.9", "/orders", ("Cookie", "checked=jane")));
    }

    [LinuxFact("nginx")]
    public async Task A_gateway_that_nobody_trusts_refuses_and_asks_for_no_better_login()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await Proxy.StartAsync(Proxy.Nginx, new Uri(server.App.Urls.First()), file: "step-up.conf", expected: HttpStatusCode.Forbidden);
        using var refused = await proxy.VisitAsync("203.0.113.8", "/");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [LinuxTheory("nginx", "haproxy")]
    [InlineData(Proxy.Nginx)]
    [InlineData(Proxy.Haproxy)]
    public async Task Where_a_session_is_used_becomes_an_event(string kind)
    {
        await using var proxy = await Proxy.StartAsync(kind, Url);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.20", "/", ("Cookie", "session=s3cret; checked=jane; other=1"), ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.21", "/", ("Cookie", "session=s3cret; checked=jane")));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.22", "/", ("Cookie", "session=of-nobody")));

        await proxy.UntilAsync(async () => (await SeenAsync()).Length == 2, "two events are stored");
        Assert.Equal(["203.0.113.20", "203.0.113.21"], (await SeenAsync()).Order());
    }

    [LinuxTheory("nginx", "haproxy")]
    [InlineData(Proxy.Nginx)]
    [InlineData(Proxy.Haproxy)]
    public async Task While_nobody_answers_people_get_in(string kind)
    {
        await using var proxy = await Proxy.StartAsync(kind, new Uri($"http://127.0.0.1:{CrowdSec.BouncerProgram.FreePort()}"));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("203.0.113.7"));
    }

    private async Task<string[]> SeenAsync()
    {
        using var response = await _server.Admin.GetAsync("/api/v1/assessments?subject=jane");
        return [.. (await Json.ReadAsync(response)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("source_ip").GetString()!)];
    }

    private void BlockByRule(string address)
    {
        var now = EventTime.From(DateTimeOffset.UtcNow);
        var block = new Block { Id = 900, Scope = BlockScope.Ip, Value = address, Reason = "x", Origin = BlockOrigin.Policy, Owner = "block-guessing", CreatedAt = now - TimeSpan.FromMinutes(1), Until = now + TimeSpan.FromHours(1) };
        _server.Store.Blocks.Put(block, BlockTable.KeyOf(IpAddress.Parse(address)));
    }

    private async Task<long> BlockAsync(string scope, string value)
    {
        using var response = await _server.Admin.PostAsync("/api/v1/blocks", Json.Body(new { scope, value, duration = "1h", reason = "test" }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await Json.ReadAsync(response)).GetProperty("id").GetInt64();
    }
}
