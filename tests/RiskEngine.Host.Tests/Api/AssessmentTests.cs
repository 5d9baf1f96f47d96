using System.Net;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

public sealed class AssessmentTests : ApiTests
{
    [Fact]
    public async Task Assessments_are_listed_by_subject_address_and_level()
    {
        await PostAsync("/api/v1/events", new[] { SomeEvent.Login("a", subject: "1"), SomeEvent.Login("b", subject: "2", ip: "203.0.113.5") }, 202);

        Assert.Equal("a", Assert.Single(await IdsAsync("?subject=1")));
        Assert.Equal("b", Assert.Single(await IdsAsync("?ip=203.0.113.5")));
        Assert.Empty(await IdsAsync("?level=high"));
        Assert.Equal(2, (await IdsAsync("")).Count);
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        await PostAsync("/api/v1/events", Enumerable.Range(0, 5).Select(i => SomeEvent.Login($"p{i}")).ToArray(), 202);
        var seen = new List<string>();
        for (var path = "?limit=2"; path.Length > 0;)
        {
            var page = await GetAsync("/api/v1/assessments" + path);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("event_id").GetString()!));
            path = page.GetProperty("next").GetString() is { } next ? $"?limit=2&cursor={Uri.EscapeDataString(next)}" : "";
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task An_explanation_tells_what_each_signal_did_and_whom_it_met()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("before"), 202);
        var later = SomeEvent.Login("later", ip: "203.0.113.77");
        later["occurred_at"] = DateTimeOffset.UtcNow.AddSeconds(5).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        await PostAsync("/api/v1/events", later, 202);
        var plain = await GetAsync("/api/v1/assessments/later");
        var explained = await GetAsync("/api/v1/assessments/later?explain=true");

        Assert.False(plain.TryGetProperty("counterfactuals", out _));
        Assert.Equal(explained.GetProperty("signals").GetArrayLength(), explained.GetProperty("counterfactuals").GetArrayLength());
        Assert.Equal(1, explained.GetProperty("profile").GetProperty("logins").GetInt32());
    }

    [Fact]
    public async Task A_profile_tells_devices_and_addresses_and_no_session()
    {
        var login = SomeEvent.Login("s");
        login["session_id"] = "secret-session";
        await PostAsync("/api/v1/events", login, 202);
        var profile = await GetAsync("/api/v1/subjects/42");

        Assert.Equal(1, profile.GetProperty("logins").GetInt32());
        Assert.Equal("81.2.69.160", profile.GetProperty("recent_logins")[0].GetProperty("address").GetString());
        Assert.Contains("Firefox", profile.GetProperty("devices")[0].GetProperty("value").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("session", profile.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_subject_without_id_is_found_by_its_name()
    {
        var login = SomeEvent.Login("named");
        login["subject"] = new { name = "jane" };
        await PostAsync("/api/v1/events", login, 202);

        Assert.Equal(1, (await GetAsync("/api/v1/subjects/jane")).GetProperty("logins").GetInt32());
        Assert.Equal("named", Assert.Single(await IdsAsync("?subject=jane")));
    }

    [Fact]
    public async Task Feedback_is_taken_for_events_that_exist()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("judged"), 202);

        await PostAsync("/api/v1/feedback", new { event_id = "judged", label = "safe", note = "it was me" }, 204);
        await PostAsync("/api/v1/feedback", new { event_id = "nothing", label = "safe" }, 404);
        await PostAsync("/api/v1/feedback", new { event_id = "judged", label = "maybe" }, 422);
    }

    [Fact]
    public async Task The_stream_tells_assessments_as_they_are_made()
    {
        using var response = await Admin.GetAsync("/api/v1/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith(":", await reader.ReadLineAsync(), StringComparison.Ordinal);

        await PostAsync("/api/v1/events", SomeEvent.Login("streamed"), 202);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var line = "";
        while (!line.StartsWith("data: ", StringComparison.Ordinal)) line = await reader.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException();
        using var told = JsonDocument.Parse(line["data: ".Length..]);
        Assert.Equal("streamed", told.RootElement.GetProperty("event_id").GetString());
    }

    private async Task<List<string>> IdsAsync(string query) =>
        [.. (await GetAsync("/api/v1/assessments" + query)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("event_id").GetString()!)];
}
