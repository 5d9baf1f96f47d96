using System.Net;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Security;

public sealed class KeyRotationTests : ApiTests
{
    [Fact]
    public async Task The_new_secret_works_at_once_and_the_old_one_until_its_overlap_ends()
    {
        using var before = await Server.ClientWithAsync("proxy", "decisions:read");
        var made = await PostAsync("/api/v1/keys/proxy/rotate", new { overlap = "12h" }, 200);
        using var after = Server.Client(made.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(after));
        var old = (await GetAsync("/api/v1/keys")).GetProperty("items").EnumerateArray().Single(key => key.GetProperty("name").GetString() == "proxy.old");
        Assert.InRange(old.GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromHours(11), TimeSpan.FromHours(12));
        Assert.Equal("decisions:read", Assert.Single(old.GetProperty("scopes").EnumerateArray()).GetString());

        using (await Admin.DeleteAsync("/api/v1/keys/proxy.old")) Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(before));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(after));
        var acts = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("what")} {item.GetProperty("target")}").ToList();
        Assert.Equal(["key.create proxy", "key.keep proxy.old", "key.rotate proxy", "key.revoke proxy.old"], acts.TakeLast(4));
    }

    [Fact]
    public async Task Without_an_overlap_the_old_secret_ends_at_once()
    {
        using var before = await Server.ClientWithAsync("leaked", "decisions:read");
        var made = await PostAsync("/api/v1/keys/leaked/rotate", new { overlap = "0s" }, 200);
        using var after = Server.Client(made.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(before));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(after));
        Assert.DoesNotContain((await GetAsync("/api/v1/keys")).GetProperty("items").EnumerateArray(), key => key.GetProperty("name").GetString() == "leaked.old");
    }

    [Fact]
    public async Task An_administrator_may_replace_the_secret_he_uses()
    {
        var made = await PostAsync("/api/v1/keys/administrator/rotate", new { }, 200);
        using var after = Server.Client(made.GetProperty("key").GetString());
        using var listed = await after.GetAsync("/api/v1/keys");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Admin));
    }

    [Fact]
    public async Task A_second_rotation_within_the_overlap_is_refused_until_the_older_secret_is_revoked()
    {
        using var client = await Server.ClientWithAsync("busy", "evaluate");
        await PostAsync("/api/v1/keys/busy/rotate", new { overlap = "1h" }, 200);
        await PostAsync("/api/v1/keys/busy/rotate", new { overlap = "1h" }, 409);
        using (await Admin.DeleteAsync("/api/v1/keys/busy.old")) await PostAsync("/api/v1/keys/busy/rotate", new { overlap = "1h" }, 200);
    }

    [Theory]
    [InlineData("nobody", "1h", 404)]
    [InlineData("administrator", "8d", 422)]
    [InlineData("administrator", "soon", 422)]
    public async Task What_makes_no_sense_is_refused(string name, string overlap, int status) => await PostAsync($"/api/v1/keys/{name}/rotate", new { overlap }, status);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/api/v1/blocks");
        return response.StatusCode;
    }
}
