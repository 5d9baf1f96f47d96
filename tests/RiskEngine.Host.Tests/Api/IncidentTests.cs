using System.Net;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

public sealed class IncidentTests : ApiTests
{
    [Fact]
    public async Task A_spray_becomes_one_incident_that_is_listed_and_told_as_json_and_as_markdown()
    {
        await SprayAsync("203.0.113.9", 60);
        var head = Assert.Single(await ListAsync(""));
        var id = head.GetProperty("id").GetString();
        Assert.Equal(("password_spray", "open"), (head.GetProperty("kind").GetString(), head.GetProperty("state").GetString()));
        Assert.StartsWith("Password spray from 203.0.113.9: ", head.GetProperty("title").GetString(), StringComparison.Ordinal);

        var report = await GetAsync($"/api/v1/incidents/{id}");
        Assert.Equal(head.GetProperty("events").GetInt64(), report.GetProperty("phases").EnumerateArray().Sum(phase => phase.GetProperty("events").GetInt64()));
        Assert.Contains("T1110.003", report.GetProperty("attack").EnumerateArray().Select(technique => technique.GetString()));

        var markdown = await Admin.GetStringAsync($"/api/v1/incidents/{id}?format=markdown");
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/incidents/{id}");
        asked.Headers.Accept.ParseAdd("text/markdown");
        using var answer = await Admin.SendAsync(asked);
        Assert.Equal("text/markdown", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(markdown, await answer.Content.ReadAsStringAsync());
        Assert.Contains("## Timeline", markdown);
    }

    [Fact]
    public async Task Names_are_pseudonyms_unless_somebody_asks_for_them()
    {
        await SprayAsync("203.0.113.9", 60);
        var id = (await ListAsync(""))[0].GetProperty("id").GetString();
        Assert.DoesNotContain("\"n59\"", (await GetAsync($"/api/v1/incidents/{id}")).GetRawText());
        var report = await GetAsync($"/api/v1/incidents/{id}?names=true");
        Assert.All(report.GetProperty("subjects_tried").GetProperty("examples").EnumerateArray(), name => Assert.Matches("^n[0-9]+$", name.GetString()));
    }

    [Fact]
    public async Task Repeated_events_change_nothing()
    {
        await SprayAsync("203.0.113.9", 60);
        var before = JsonSerializer.Serialize(await ListAsync(""));
        await SprayAsync("203.0.113.9", 60);
        Assert.Equal(before, JsonSerializer.Serialize(await ListAsync("")));
    }

    [Fact]
    public async Task Pages_follow_one_another_and_state_and_since_choose()
    {
        for (var i = 1; i <= 5; i++) await SprayAsync($"203.0.{i}.9", 40);
        var all = await ListAsync("?limit=200");
        Assert.Equal(5, all.Count);
        List<string?> paged = [];
        for (var query = "?limit=2"; query.Length > 0;)
        {
            var page = await GetAsync("/api/v1/incidents" + query);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            query = page.GetProperty("next").GetString() is { } next ? $"?limit=2&cursor={next}" : "";
        }

        Assert.Equal(all.Select(item => item.GetProperty("id").GetString()), paged);
        Assert.Equal(5, (await ListAsync("?state=open")).Count);
        Assert.Empty(await ListAsync("?state=closed"));
        Assert.Empty(await ListAsync($"?since={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(5).ToString("O"))}"));
    }

    [Theory]
    [InlineData("?state=both")]
    [InlineData("?since=soon")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?cursor=x")]
    [InlineData("/inc-1?format=pdf")]
    public async Task What_makes_no_sense_is_told(string query)
    {
        using var answer = await Admin.GetAsync("/api/v1/incidents" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_id_that_nobody_knows_is_not_found_and_a_key_without_the_scope_is_refused()
    {
        using var missing = await Admin.GetAsync("/api/v1/incidents/inc-000000000000");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var sender = await Server.ClientWithAsync("sender", "events:write");
        using var refused = await sender.GetAsync("/api/v1/incidents");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task While_stored_assessments_are_read_it_says_so_and_loses_nothing()
    {
        Server.Parts.Telemetry.Incidents.Hold();
        await SprayAsync("203.0.113.9", 60);
        using var busy = await Admin.GetAsync("/api/v1/incidents");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2)), (busy.StatusCode, busy.Headers.RetryAfter?.Delta));
        Server.Parts.Telemetry.Incidents.Release();
        Assert.Single(await ListAsync(""));
        Assert.Equal(0, Server.Parts.Telemetry.Incidents.Shed);
    }

    private async Task SprayAsync(string address, int names)
    {
        using var answer = await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray(address, names), "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private async Task<List<JsonElement>> ListAsync(string query) => [.. (await GetAsync("/api/v1/incidents" + query)).GetProperty("items").EnumerateArray()];
}
