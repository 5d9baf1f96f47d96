using System.Net;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Proxies;

/// <summary><c>GET /forward-auth</c> without a proxy between: who may ask, and what is answered.</summary>
public sealed class ForwardAuthTests : ApiTests
{
    private const string Path = "/forward-auth", Visitor = "203.0.113.7", Near = "203.0.113.8";

    protected override Task<RunningServer> StartAsync() => RunningServer.StartAsync(change: settings => ProxyTests.Trusting(settings) with { TrustedProxies = [Networks.Parse("127.0.0.1"), Networks.Parse("192.0.2.0/24")] });

    [Fact]
    public async Task Who_is_no_trusted_proxy_needs_a_key_and_its_headers_count_for_nothing()
    {
        await using var server = await RunningServer.StartAsync(change: settings => ProxyTests.Trusting(settings) with { TrustedProxies = [] });
        await BlockAsync(server, "ip", Visitor);
        await BlockAsync(server, "subject", "mallory");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Nobody.GetAsync(Path)).StatusCode);
        using var writer = await server.ClientWithAsync("writer", "events:write");
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.GetAsync(Path)).StatusCode);
        using var asker = await server.ClientWithAsync("asker", "evaluate");
        Assert.Equal(HttpStatusCode.NoContent, (await asker.GetAsync(Path)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(asker, Visitor, ("X-RiskEngine-Subject", "mallory"))).StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("203.0.113.8", HttpStatusCode.NoContent)]
    [InlineData("203.0.113.8, 203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("203.0.113.7, 203.0.113.8", HttpStatusCode.NoContent)]
    [InlineData("203.0.113.7, 192.0.2.9", HttpStatusCode.Forbidden)]
    [InlineData("203.0.113.7, nonsense, 192.0.2.9", HttpStatusCode.NoContent)]
    [InlineData("[2001:db8::7]:443", HttpStatusCode.Forbidden)]
    [InlineData("2001:db8::8", HttpStatusCode.NoContent)]
    public async Task The_visitor_is_the_first_from_the_right_that_is_no_trusted_proxy(string forwardedFor, HttpStatusCode expected)
    {
        await BlockAsync(Server, "ip", Visitor);
        await BlockAsync(Server, "ip", "2001:db8::7");
        Assert.Equal(expected, (await AskAsync(forwardedFor)).StatusCode);
    }

    [Theory]
    [InlineData("ip", "203.0.113.7", "address")]
    [InlineData("range", "203.0.113.0/24", "address")]
    [InlineData("pair", "jane@203.0.113.7", "address")]
    [InlineData("subject", "jane", "subject")]
    public async Task A_block_is_answered_with_a_short_code_and_nothing_else(string scope, string value, string code)
    {
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor, ("X-RiskEngine-Subject", "jane"))).StatusCode);
        await BlockAsync(Server, scope, value);
        using var refused = await AskAsync(Visitor, ("X-RiskEngine-Subject", "jane"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("", await refused.Content.ReadAsStringAsync());
        Assert.Equal(("block", code), (Header(refused, "X-RiskEngine-Decision"), Header(refused, "X-RiskEngine-Code")));
    }

    [Fact]
    public async Task A_blocked_session_is_refused_wherever_it_is_used()
    {
        var session = Server.Store.Hash.Session("s3cret"u8).ToString("x32");
        await BlockAsync(Server, "session", session);
        using var refused = await AskAsync(Near, ("X-RiskEngine-Session", "s3cret"));
        Assert.Equal((HttpStatusCode.Forbidden, "session"), (refused.StatusCode, Header(refused, "X-RiskEngine-Code")));
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Near, ("X-RiskEngine-Session", "other"))).StatusCode);
    }

    [Fact]
    public async Task The_allow_list_lifts_blocks_of_addresses_and_of_nothing_else()
    {
        await BlockAsync(Server, "range", "203.0.113.0/24");
        await BlockAsync(Server, "subject", "mallory");
        using (await Admin.PostAsync("/api/v1/allowlist", Json.Body(new { scope = "ip", value = Visitor, duration = "1h", reason = "x" })))
        {
        }

        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(Near)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(Visitor, ("X-RiskEngine-Subject", "mallory"))).StatusCode);
    }

    [Fact]
    public async Task What_a_rule_blocked_while_monitoring_lets_pass()
    {
        PutByRule(enforced: false);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor)).StatusCode);
        PutByRule(enforced: true);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(Visitor)).StatusCode);
        Server.Parts.Engine.Swap(Some.Engine(Server.Store.Hash, CompiledPolicy.Compile(DefaultPolicy.Definition with { Mode = PolicyMode.Monitor })));
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor)).StatusCode);
    }

    [Fact]
    public async Task A_challenge_is_a_redirection_for_most_and_401_for_nginx()
    {
        PutByRule(enforced: true);
        using var most = await AskAsync(Visitor, ("X-RiskEngine-Subject", "jane"));
        Assert.Equal((HttpStatusCode.Found, "challenge"), (most.StatusCode, Header(most, "X-RiskEngine-Decision")));
        using var nginx = await AskAsync(Server.Nobody, Visitor, Path + "?style=nginx", ("X-RiskEngine-Subject", "jane"));
        Assert.Equal(HttpStatusCode.Unauthorized, nginx.StatusCode);
        Assert.Equal("https://login.example.org/again", nginx.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https", "app.example.org", "/a?b=c", "GET", "?rd=https%3A%2F%2Fapp.example.org%2Fa%3Fb%3Dc")]
    [InlineData("https", "app.example.org", "/a", "POST", "")]
    [InlineData("https", "app.example.org", "//evil.example/a", "GET", "")]
    [InlineData("https", "evil.example/@app.example.org", "/a", "GET", "")]
    [InlineData("https", "app.example.org", "/a\\b", "GET", "")]
    [InlineData("javascript", "app.example.org", "/a", "GET", "")]
    [InlineData("https", "app.example.org", "a", "GET", "")]
    public async Task Where_to_come_back_to_is_told_where_it_is_well_formed(string scheme, string host, string uri, string method, string expected)
    {
        PutByRule(enforced: true);
        using var challenged = await AskAsync(
            Visitor, ("X-RiskEngine-Subject", "jane"), ("X-Forwarded-Proto", scheme), ("X-Forwarded-Host", host), ("X-Forwarded-Uri", uri), ("X-Forwarded-Method", method));
        Assert.Equal("https://login.example.org/again" + expected, challenged.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Without_a_page_for_challenges_they_are_refusals()
    {
        await using var server = await RunningServer.StartAsync(change: settings => ProxyTests.Trusting(settings) with { ForwardAuth = new ForwardAuthSettings { SubjectHeader = "X-RiskEngine-Subject" } });
        PutByRule(enforced: true, server);
        using var refused = await AskAsync(server.Nobody, Visitor, Path, ("X-RiskEngine-Subject", "jane"));
        Assert.Equal((HttpStatusCode.Forbidden, "challenge"), (refused.StatusCode, Header(refused, "X-RiskEngine-Decision")));
    }

    [Fact]
    public async Task Hostile_headers_are_as_if_they_were_not_there()
    {
        await BlockAsync(Server, "subject", "mallory");
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor, ("X-RiskEngine-Subject", new string('m', 600)))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Visitor, ("X-RiskEngine-Subject", "mallory"), ("X-RiskEngine-Subject", "jane"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(Visitor, ("X-RiskEngine-Subject", "mallory"), ("Cookie", new string('c', 4000)))).StatusCode);
        using var posted = await Server.Nobody.PostAsync(Path, Json.Text("{}"));
        Assert.False(posted.IsSuccessStatusCode);
        using var wrong = await Admin.PostAsync(Path, Json.Text("{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    [Fact]
    public async Task A_flood_of_sessions_fills_a_queue_and_delays_nobody()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 3000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            using var passed = await AskAsync(Visitor, ("X-RiskEngine-Subject", "jane"), ("X-RiskEngine-Session", $"s{i}"));
            Assert.Equal(HttpStatusCode.NoContent, passed.StatusCode);
        });
        var metrics = await Admin.GetStringAsync("/metrics");
        double Count(string outcome) => double.Parse(metrics.Split('\n').First(line => line.StartsWith($"riskengine_forward_auth_sessions_total{{outcome=\"{outcome}\"}}", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(3000, Count("queued") + Count("dropped"));
    }

    private Task<HttpResponseMessage> AskAsync(string forwardedFor, params (string Name, string Value)[] headers) => AskAsync(Server.Nobody, forwardedFor, Path, headers);

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string forwardedFor, params (string Name, string Value)[] headers) => AskAsync(client, forwardedFor, Path, headers);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string forwardedFor, string path, params (string Name, string Value)[] headers)
    {
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        request.Headers.Authorization = client.DefaultRequestHeaders.Authorization;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await direct.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private void PutByRule(bool enforced, RunningServer? server = null)
    {
        var now = EventTime.From(DateTimeOffset.UtcNow);
        var block = new Block { Id = enforced ? 901 : 900, Scope = BlockScope.Ip, Value = Visitor, Reason = "x", Origin = BlockOrigin.Policy, Owner = "r", CreatedAt = now, Until = now + TimeSpan.FromHours(1), Enforced = enforced };
        (server ?? Server).Store.Blocks.Put(block, BlockTable.KeyOf(IpAddress.Parse(Visitor)));
    }

    private static async Task BlockAsync(RunningServer server, string scope, string value)
    {
        using var response = await server.Admin.PostAsync("/api/v1/blocks", Json.Body(new { scope, value, duration = "1h", reason = "test" }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
