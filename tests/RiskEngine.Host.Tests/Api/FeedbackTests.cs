using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Api;

public sealed class FeedbackTests : ApiTests
{
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Compromised_puts_the_account_at_high_risk_and_safe_takes_it_back()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("it"), 202);
        await SayAsync("compromised");
        Assert.NotEqual(JsonValueKind.Null, (await GetAsync("/api/v1/subjects/42")).GetProperty("compromised_at").ValueKind);
        Assert.Equal(0, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        Assert.Equal("high", (await PostAsync("/api/v1/evaluate", Later(), 200)).GetProperty("risk_level").GetString());

        await SayAsync("safe");
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/api/v1/subjects/42")).GetProperty("compromised_at").ValueKind);
        Assert.Equal(1, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        Assert.Equal("none", (await PostAsync("/api/v1/evaluate", Later(), 200)).GetProperty("risk_level").GetString());
    }

    [Fact]
    public async Task Safe_ends_the_block_that_the_event_caused_and_no_other()
    {
        using var posted = await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.66", 40), "application/x-ndjson"));
        await PostAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.67", duration = "4h", reason = "by hand", permanent = false }, 201);
        var blocks = (await GetAsync("/api/v1/blocks")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, blocks.Count);
        var cause = (await GetAsync("/api/v1/assessments?ip=203.0.113.66&limit=100")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("decision").GetString() == "block").Select(item => item.GetProperty("event_id").GetString()).Last();

        await PostAsync("/api/v1/feedback", new { event_id = cause, label = "safe", note = "our scanner" }, 204);
        Assert.Equal("203.0.113.67", Assert.Single((await GetAsync("/api/v1/blocks")).GetProperty("items").EnumerateArray()).GetProperty("value").GetString());
        var audit = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Select(entry => $"{entry.GetProperty("what")} {entry.GetProperty("detail")}").ToList();
        Assert.Contains("feedback safe: our scanner", audit);
        Assert.Contains(audit, entry => entry.StartsWith($"block.remove event {cause} is safe, ", StringComparison.Ordinal) && entry.EndsWith(" failures forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dismissed_changes_nothing_but_the_audit()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("it"), 202);
        await SayAsync("dismissed");
        Assert.Equal(1, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        Assert.Equal("none", (await PostAsync("/api/v1/evaluate", Later(), 200)).GetProperty("risk_level").GetString());
    }

    [Fact]
    public async Task What_was_said_is_told_and_clears_the_queue()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("it"), 202);
        await PostAsync("/api/v1/events", SomeEvent.Login("other", subject: "43"), 202);
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/api/v1/assessments/it?explain=true")).GetProperty("label").ValueKind);
        Assert.Equal(["other", "it"], await IdsAsync("reviewed=false"));
        Assert.Empty(await IdsAsync("reviewed=true"));

        await PostAsync("/api/v1/feedback", new { event_id = "it", label = "dismissed", note = "a test" }, 204);
        var label = (await GetAsync("/api/v1/assessments/it?explain=true")).GetProperty("label");
        Assert.Equal(("dismissed", "a test"), (label.GetProperty("label").GetString(), label.GetProperty("note").GetString()));
        Assert.Equal(["other"], await IdsAsync("reviewed=false"));
        Assert.Equal(["it"], await IdsAsync("reviewed=true"));
    }

    [Fact]
    public async Task Dismissed_takes_compromised_back()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("it"), 202);
        await SayAsync("compromised");
        await SayAsync("dismissed");
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/api/v1/subjects/42")).GetProperty("compromised_at").ValueKind);
        Assert.Equal(1, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        Assert.Equal("none", (await PostAsync("/api/v1/evaluate", Later(), 200)).GetProperty("risk_level").GetString());
    }

    [Fact]
    public async Task A_word_counts_as_no_event_of_any_source()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("it"), 202);
        await SayAsync("compromised");
        var metrics = await Admin.GetStringAsync("/metrics");
        Assert.DoesNotContain("source=\"feedback\"", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_feedback_total{label=\"compromised\"} 1", metrics, StringComparison.Ordinal);
    }

    [Theory, InlineData("safe"), InlineData("dismissed")]
    public async Task A_word_taken_back_leaves_the_word_on_another_event(string label)
    {
        await PostAsync("/api/v1/events", At(SomeEvent.Login("older"), -7200), 202);
        await PostAsync("/api/v1/events", At(SomeEvent.Login("it"), -3600), 202);
        foreach (var id in new[] { "older", "it" }) await PostAsync("/api/v1/feedback", new { event_id = id, label = "compromised" }, 204);
        await SayAsync(label);
        var left = (await GetAsync("/api/v1/subjects/42")).GetProperty("compromised_at").GetDateTimeOffset();
        Assert.Equal(_start.AddSeconds(-7200), left, TimeSpan.FromSeconds(2));
        Assert.Equal("high", (await PostAsync("/api/v1/evaluate", Later(), 200)).GetProperty("risk_level").GetString());

        await PostAsync("/api/v1/feedback", new { event_id = "older", label = "dismissed" }, 204);
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/api/v1/subjects/42")).GetProperty("compromised_at").ValueKind);
        Assert.Equal(2, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
    }

    [Theory]
    [InlineData("factor", "safe", 1)]
    [InlineData("factor", "compromised", 1)]
    [InlineData("passed", "safe", 1)]
    [InlineData("passed", "compromised", 1)]
    [InlineData("challenged", "safe", 0)]
    [InlineData("challenged", "compromised", 0)]
    public async Task Dismissed_leaves_a_challenged_login_as_the_policy_had_it(string what, string label, int logins)
    {
        await PostAsync("/api/v1/events", At(SomeEvent.Login("first"), -7200), 202);
        var rule = new PolicyRule { Name = "all", Then = DecisionAction.Challenge };
        Server.Parts.Engine.Swap(Some.Engine(Server.Store.Hash, CompiledPolicy.Compile(new PolicyDefinition { Mode = PolicyMode.Enforce, Rules = [rule] })));
        var login = At(SomeEvent.Login("it"), -60);
        if (what == "factor") login["mfa"] = new[] { "totp" };
        Assert.Equal(1, (await PostAsync("/api/v1/events", login, 202)).GetProperty("accepted").GetInt32());
        Assert.Equal("challenge", (await GetAsync("/api/v1/assessments/it")).GetProperty("decision").GetString());
        if (what == "passed") await PostAsync("/api/v1/events", At(SomeEvent.Login("passed", "challenge_passed"), -30), 202);
        Assert.Equal(1 + logins, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        foreach (var word in new[] { label, "dismissed", "dismissed" }) await SayAsync(word);
        Assert.Equal(1 + logins, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
    }

    [Fact]
    public async Task A_session_that_was_seen_is_no_login_after_safe_and_dismissed()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("first"), 202);
        await PostAsync("/api/v1/events", SomeEvent.Login("it", "session_seen", ip: "81.2.69.161"), 202);
        await SayAsync("safe");
        Assert.Equal(2, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
        await SayAsync("dismissed");
        Assert.Equal(1, (await GetAsync("/api/v1/subjects/42")).GetProperty("logins").GetInt32());
    }

    private Dictionary<string, object?> At(Dictionary<string, object?> login, int seconds)
    {
        login["occurred_at"] = _start.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return login;
    }

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await GetAsync($"/api/v1/assessments?{query}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("event_id").GetString()!)];

    private Task SayAsync(string label) => PostAsync("/api/v1/feedback", new { event_id = "it", label }, 204);

    private static Dictionary<string, object?> Later()
    {
        var login = SomeEvent.Login("later");
        login["occurred_at"] = DateTimeOffset.UtcNow.AddSeconds(5).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return login;
    }
}
