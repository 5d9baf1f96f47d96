using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Security;

public sealed class GateTests : ApiTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("localhost.evil.example:80")]
    public async Task A_host_that_is_not_ours_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocks");
        request.Headers.Host = host;
        using var response = await Admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_foreign_origin_is_refused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocks");
        request.Headers.Add("Origin", origin);
        using var response = await Admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task An_address_that_keeps_trying_keys_is_slowed_down_and_a_key_that_works_does_from_there_too()
    {
        await using var server = await RunningServer.StartAsync(new RequestLimits { FailuresPerSecond = 0.001, FailureBurst = 3 });
        for (var i = 0; i < 5; i++)
        {
            using var refused = await server.Nobody.GetAsync("/api/v1/blocks");
            Assert.Equal(i < 3 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(i >= 3, refused.Headers.RetryAfter is not null);
        }

        using var answered = await server.Admin.GetAsync("/api/v1/blocks");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Our_own_origin_is_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocks");
        request.Headers.Add("Origin", Server.App.Urls.First());
        using var response = await Admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Every_answer_carries_safe_headers_and_no_server_name()
    {
        using var response = await Server.Nobody.GetAsync("/health/live");

        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Empty(response.Headers.Server);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://127.0.0.1:0/path")]
    [InlineData("http://example.org")]
    public async Task What_would_show_keys_to_the_network_or_makes_no_sense_does_not_start(string url)
    {
        var settings = Server.Settings with { Url = url };

        var wrong = Assert.Throws<ServerStartException>(() => RiskEngine.Host.Serving.Server.Build(settings, Server.Parts, NullLoggerFactory.Instance));
        Assert.StartsWith("http.url", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(2, await RiskEngine.Host.Serving.Server.RunAsync(settings, Server.Parts, NullLoggerFactory.Instance, null, CancellationToken.None));
    }

    [Fact]
    public async Task It_stops_when_told_to_and_says_that_all_went_well()
    {
        using var stop = new CancellationTokenSource();
        var settings = Server.Settings with { Url = "http://127.0.0.1:0" };
        Assert.Equal(0, await RiskEngine.Host.Serving.Server.RunAsync(settings, Server.Parts, NullLoggerFactory.Instance, _ => stop.Cancel(), stop.Token));
    }
}
