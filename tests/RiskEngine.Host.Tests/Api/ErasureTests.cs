using System.Net;

namespace RiskEngine.Host.Tests.Api;

public sealed class ErasureTests : ApiTests
{
    [Fact]
    public async Task A_dry_run_tells_what_would_go_and_then_it_goes()
    {
        await PostAsync("/api/v1/events", new[] { SomeEvent.Login("e1"), SomeEvent.Login("e2"), SomeEvent.Login("e3", subject: "77") }, 202);
        await PostAsync("/api/v1/blocks", new { scope = "subject", value = "42", duration = "4h", reason = "user42 left" }, 201);
        var dry = await DeleteAsync("/api/v1/subjects/42?dry_run=true", HttpStatusCode.OK);
        Assert.True(dry.GetProperty("dry_run").GetBoolean());
        Assert.Equal(2, dry.GetProperty("removed").GetProperty("events").GetInt64());
        await GetAsync("/api/v1/subjects/42");

        var done = await DeleteAsync("/api/v1/subjects/42", HttpStatusCode.OK);
        Assert.Equal(dry.GetProperty("removed").GetRawText(), done.GetProperty("removed").GetRawText());
        Assert.True(done.GetProperty("overwritten").GetBoolean());
        foreach (var path in new[] { "/api/v1/subjects/42", "/api/v1/assessments/e1" })
        {
            using var gone = await Admin.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        Assert.Empty((await GetAsync("/api/v1/blocks")).GetProperty("items").EnumerateArray());
        await GetAsync("/api/v1/assessments/e3");
        var audit = await GetAsync("/api/v1/audit");
        Assert.Contains(audit.GetProperty("items").EnumerateArray(), item => item.GetProperty("erased").GetBoolean() && item.GetProperty("what").GetString() == "block.add");
        Assert.DoesNotContain("user42", audit.GetRawText(), StringComparison.Ordinal);
        Assert.StartsWith("~", audit.GetProperty("items").EnumerateArray().Last(item => item.GetProperty("what").GetString() == "subject.erase").GetProperty("target").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incidents_forget_the_person_at_once_and_a_dry_run_does_not()
    {
        using (var sent = await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson"))) Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var listed = await GetAsync("/api/v1/incidents");
        var path = $"/api/v1/incidents/{listed.GetProperty("items")[0].GetProperty("id").GetString()}?names=true";
        string[] Tried(System.Text.Json.JsonElement report) => [.. report.GetProperty("subjects_tried").GetProperty("examples").EnumerateArray().Select(name => name.GetString()!)];
        var before = await GetAsync(path);
        var name = Tried(before)[0];

        await DeleteAsync($"/api/v1/subjects/{name}?dry_run=true", HttpStatusCode.OK);
        Assert.Equal(before.GetRawText(), (await GetAsync(path)).GetRawText());
        await DeleteAsync($"/api/v1/subjects/{name}", HttpStatusCode.OK);
        var after = await GetAsync(path);
        Assert.Equal(["erased", .. Tried(before)[1..]], Tried(after));
        Assert.Equal(before.GetProperty("events").GetInt64(), after.GetProperty("events").GetInt64());
    }

    [Fact]
    public async Task A_name_of_several_accounts_is_refused_and_names_them()
    {
        foreach (var id in new[] { "1001", "1002" })
        {
            var login = SomeEvent.Login($"twin-{id}");
            login["subject"] = new { id, name = "twin" };
            await PostAsync("/api/v1/events", login, 202);
        }

        var refused = await DeleteAsync("/api/v1/subjects/twin", HttpStatusCode.Conflict);
        Assert.Contains("Name one by its id: 1001, 1002.", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await GetAsync("/api/v1/assessments/twin-1001");
    }

    [Fact]
    public async Task Who_may_only_read_erases_nobody()
    {
        using var reader = await Server.ClientWithAsync("reads", "decisions:read", "evaluate", "events:write");
        using var refused = await reader.DeleteAsync("/api/v1/subjects/42?dry_run=true");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<System.Text.Json.JsonElement> DeleteAsync(string path, HttpStatusCode expected)
    {
        using var response = await Admin.DeleteAsync(path);
        Assert.Equal(expected, response.StatusCode);
        return await Json.ReadAsync(response);
    }
}
