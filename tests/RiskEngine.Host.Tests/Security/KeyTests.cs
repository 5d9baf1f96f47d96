using System.Net;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Security;

public sealed class KeyTests : ApiTests
{
    [Theory]
    [InlineData("GET", "/api/v1/blocks")]
    [InlineData("POST", "/api/v1/evaluate")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("PATCH", "/api/v1/blocks")]
    [InlineData("GET", "/")]
    public async Task Without_a_key_there_is_no_answer(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Server.Nobody.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Health_and_metrics_are_open(string path)
    {
        using var response = await Server.Nobody.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("rk_short")]
    [InlineData("rk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    public async Task A_wrong_key_is_refused(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocks");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var response = await Server.Nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_key_does_what_its_scope_says_and_no_more()
    {
        using var reader = await Server.ClientWithAsync("reader", "decisions:read");
        using var writer = await Server.ClientWithAsync("writer", "events:write");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(reader.GetAsync("/api/v1/blocks")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(reader.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login(null)))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(reader.GetAsync("/api/v1/audit")));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(writer.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login(null)))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(writer.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null)))));
    }

    [Fact]
    public async Task The_key_of_a_webhook_posts_to_the_webhook_and_nowhere_else()
    {
        using var webhook = await Server.ClientWithAsync("webhook", "events:webhook");
        using var writer = await Server.ClientWithAsync("writes", "events:write");
        using var asker = await Server.ClientWithAsync("asks", "evaluate", "decisions:read");
        HttpContent Event() => Json.Body(new { pk = Guid.NewGuid(), action = "login", created = DateTimeOffset.UtcNow, client_ip = "203.0.113.7", user = new { pk = 7, username = "jane" }, context = new { } });
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(webhook.PostAsync("/api/v1/events/authentik", Event())));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(writer.PostAsync("/api/v1/events/authentik", Event())));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(asker.PostAsync("/api/v1/events/authentik", Event())));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(webhook.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login(null)))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(webhook.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null)))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(webhook.GetAsync("/api/v1/blocks")));
    }

    [Fact]
    public async Task A_revoked_key_stops_working_at_once()
    {
        using var client = await Server.ClientWithAsync("short-lived", "decisions:read");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync("/api/v1/blocks")));

        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(Admin.DeleteAsync("/api/v1/keys/short-lived")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client.GetAsync("/api/v1/blocks")));
    }

    [Fact]
    public async Task A_key_that_has_ended_is_refused()
    {
        const string Secret = "rk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB";
        var now = EventTime.From(TimeProvider.System.GetUtcNow());
        await Server.Records.AddKeyAsync(
            new ApiKey("ended", SHA256.HashData(Encoding.ASCII.GetBytes(Secret)), ["admin"], now - TimeSpan.FromHours(2), now - TimeSpan.FromHours(1)),
            new AuditEntry(0, now, "test", "key.create", "ended", ""), CancellationToken.None);
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(RefreshAsync()));
        using var client = Server.Client(Secret);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client.GetAsync("/api/v1/blocks")));
        Assert.False((await GetAsync("/api/v1/keys")).GetProperty("items").EnumerateArray().Single(key => key.GetProperty("name").GetString() == "ended").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Keys_are_listed_without_secrets_and_hashes()
    {
        await PostAsync("/api/v1/keys", new { name = "listed", scopes = new[] { "evaluate" }, duration = "30d" }, 201);
        var text = (await GetAsync("/api/v1/keys")).GetRawText();

        Assert.Contains("listed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rk_", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sha", text, StringComparison.OrdinalIgnoreCase);
        await PostAsync("/api/v1/keys", new { name = "listed", scopes = new[] { "evaluate" } }, 409);
        await PostAsync("/api/v1/keys", new { name = "bad scope", scopes = new[] { "evaluate" } }, 422);
        await PostAsync("/api/v1/keys", new { name = "x", scopes = new[] { "root" } }, 422);
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back()
    {
        await using var server = await RunningServer.StartAsync(new RequestLimits { RequestsPerSecond = 0.01, RequestBurst = 2 });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Admin.GetAsync("/api/v1/blocks")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Admin.GetAsync("/api/v1/blocks")));

        using var response = await server.Admin.GetAsync("/api/v1/blocks");
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_administrators_key_is_written_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Server.Settings.AdminKeyFile));
        Assert.Equal(46, Server.AdminKey.Length);
    }

    [Fact]
    public async Task A_revoked_administrators_key_does_not_come_back_with_the_file_it_was_written_to()
    {
        await PostAsync("/api/v1/keys", new { name = "successor", scopes = new[] { "admin" } }, 201);
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(Admin.DeleteAsync("/api/v1/keys/administrator")));

        await AdminKeyFile.EnsureAsync(Server.Settings.AdminKeyFile, Server.Records, TimeProvider.System, CancellationToken.None);
        Assert.Equal(["successor"], (await Server.Records.ListKeysAsync(CancellationToken.None)).Select(key => key.Name));
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        return response.StatusCode;
    }

    // Revoking any key makes the server read them again.
    private async Task<HttpResponseMessage> RefreshAsync()
    {
        await PostAsync("/api/v1/keys", new { name = "refresh", scopes = new[] { "evaluate" } }, 201);
        return await Admin.DeleteAsync("/api/v1/keys/refresh");
    }
}
