using System.Net;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

public sealed class BlockTests : ApiTests
{
    private const string Blocks = "/api/v1/blocks", Allow = "/api/v1/allowlist";

    [Fact]
    public async Task A_block_is_obeyed_the_allow_list_beats_it_and_a_release_lifts_it()
    {
        var block = await PostAsync(Blocks, new { scope = "range", value = "198.51.100.0/24", duration = "4h", reason = "test" }, 201);
        Assert.Contains("198.51.100.0/24", await BlocklistAsync("plain"), StringComparison.Ordinal);
        var hit = await DecideAsync("198.51.100.77");
        Assert.Equal(("block", true), (hit.GetProperty("decision").GetString(), hit.GetProperty("enforced").GetBoolean()));

        await PostAsync(Allow, new { scope = "ip", value = "198.51.100.77", duration = "1h", reason = "test" }, 201);
        Assert.NotEqual("block", (await DecideAsync("198.51.100.77")).GetProperty("decision").GetString());
        Assert.Equal("block", (await DecideAsync("198.51.100.78")).GetProperty("decision").GetString());

        using var released = await Admin.DeleteAsync($"{Blocks}/{block.GetProperty("id")}");
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        Assert.NotEqual("block", (await DecideAsync("198.51.100.78")).GetProperty("decision").GetString());
        Assert.DoesNotContain("198.51.100.0/24", await BlocklistAsync("plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_tells_who_made_it_and_when_it_ends()
    {
        var block = await PostAsync(Blocks, new { scope = "ip", value = "203.0.113.80", duration = "4h", reason = "guessing" }, 201);

        Assert.Equal("person", block.GetProperty("origin").GetString());
        Assert.True(block.GetProperty("enforced").GetBoolean());
        Assert.Equal(TimeSpan.FromHours(4), block.GetProperty("until").GetDateTimeOffset() - block.GetProperty("created_at").GetDateTimeOffset());
        Assert.Contains(block.GetProperty("id").GetInt64(), (await GetAsync(Blocks)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
        var entry = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Last(item => item.GetProperty("what").GetString()!.StartsWith("block", StringComparison.Ordinal));
        Assert.Contains("203.0.113.80", entry.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_guesses_at_sixty_names_from_one_address_are_blocked()
    {
        using var response = await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson"));
        Assert.Equal(60, (await Json.ReadAsync(response)).GetProperty("accepted").GetInt32());

        Assert.Contains("203.0.113.9", await BlocklistAsync("plain"), StringComparison.Ordinal);
        var address = await GetAsync("/api/v1/ips/203.0.113.9");
        Assert.Equal(-5, address.GetProperty("reputation").GetDouble());
        Assert.Equal("policy", address.GetProperty("block").GetProperty("origin").GetString());
    }

    [Theory]
    [InlineData("""{"scope":"ip","value":"10.1.2.3","duration":"4h","reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","value":"fe80::1","duration":"4h","reason":"x"}""", 422)]
    [InlineData("""{"scope":"range","value":"0.0.0.0/0","duration":"4h","reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","duration":"4h","reason":" "}""", 422)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","duration":"4h","permanent":true,"reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","duration":"soon","reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","until":"2020-01-01T00:00:00Z","reason":"x"}""", 422)]
    [InlineData("""{"scope":"planet","value":"mars","duration":"4h","reason":"x"}""", 422)]
    [InlineData("""{"scope":"ip","duration":"4h","reason":"x"}""", 400)]
    [InlineData("""{"scope":"ip","value":"203.0.113.1","duration":"4h","reason":"x","permanant":true}""", 400)]
    [InlineData("""{"scope":"ip","scope":"ip","value":"203.0.113.1","duration":"4h","reason":"x"}""", 400)]
    [InlineData("{", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    public async Task What_cannot_be_blocked_is_refused_in_words(string body, int expected)
    {
        using var response = await Admin.PostAsync(Blocks, Json.Text(body));
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.NotEmpty((await Json.ReadAsync(response)).GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_permanent_block_does_not_end() =>
        Assert.Equal(JsonValueKind.Null, (await PostAsync(Blocks, new { scope = "asn", value = "AS64500", permanent = true, reason = "x" }, 201)).GetProperty("until").ValueKind);

    [Fact]
    public async Task An_allow_entry_always_ends()
    {
        await PostAsync(Allow, new { scope = "ip", value = "203.0.113.2", permanent = true, reason = "x" }, 422);
        await PostAsync(Allow, new { scope = "ip", value = "203.0.113.2", reason = "x" }, 422);
        await PostAsync(Allow, new { scope = "ip", value = "10.0.0.1", duration = "1h", reason = "private ones may be allowed" }, 201);
    }

    [Theory]
    [InlineData("ip", "203.0.113.2", "400d", 201), InlineData("ip", "203.0.113.2", "9601h", 422), InlineData("ip", "203.0.113.2", "9000d", 422)]
    [InlineData("range", "12.0.0.0/8", "1h", 201), InlineData("range", "12.0.0.0/7", "1h", 422), InlineData("range", "0.0.0.0/0", "1h", 422), InlineData("range", "2000::/15", "1h", 422)]
    public async Task An_allow_entry_holds_a_part_of_the_world_for_a_part_of_time(string scope, string value, string duration, int expected)
    {
        var answer = await PostAsync(Allow, new { scope, value, duration, reason = "x" }, expected);
        if (expected != 201) Assert.Matches("renew it when its end comes near|name the networks that are meant", answer.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task An_allow_entry_that_ends_in_a_hundred_years_is_refused() =>
        await PostAsync(Allow, new { scope = "ip", value = "203.0.113.2", until = "2126-01-01T00:00:00Z", reason = "x" }, 422);

    [Theory]
    [InlineData("plain", "2001:db8::7\n")]
    [InlineData("nginx", "deny 2001:db8::7;\n")]
    [InlineData("haproxy", "2001:db8::7\n")]
    [InlineData("json", "\"value\":\"2001:db8::7\"")]
    public async Task The_block_list_is_published_in_the_forms_that_proxies_read(string format, string expected)
    {
        await PostAsync(Blocks, new { scope = "ip", value = "2001:db8::7", duration = "4h", reason = "x" }, 201);
        Assert.Contains(expected, await BlocklistAsync(format), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_block_list_leaves_out_what_the_allow_list_lifts()
    {
        await PostAsync(Blocks, new { scope = "ip", value = "198.51.100.7", duration = "4h", reason = "x" }, 201);
        await PostAsync(Blocks, new { scope = "range", value = "192.0.2.0/29", duration = "4h", reason = "x" }, 201);
        await PostAsync(Allow, new { scope = "range", value = "198.51.100.0/24", duration = "1h", reason = "the office" }, 201);
        await PostAsync(Allow, new { scope = "ip", value = "192.0.2.1", duration = "1h", reason = "a partner" }, 201);
        Assert.Equal("192.0.2.0\n192.0.2.2/31\n192.0.2.4/30\n", await BlocklistAsync("plain"));
    }

    [Fact]
    public async Task The_block_list_is_sent_once_until_it_changes()
    {
        using var first = await Admin.GetAsync("/api/v1/blocklist");
        var tag = first.Headers.ETag;
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocklist");
        again.Headers.IfNoneMatch.Add(tag!);
        using var unchanged = await Admin.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        await PostAsync(Blocks, new { scope = "ip", value = "203.0.113.3", duration = "4h", reason = "x" }, 201);
        using var later = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocklist");
        later.Headers.IfNoneMatch.Add(tag!);
        using var changed = await Admin.SendAsync(later);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task The_block_list_can_be_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/blocklist");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await Admin.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
    }

    private async Task<string> BlocklistAsync(string format) => await Admin.GetStringAsync($"/api/v1/blocklist?format={format}");

    private Task<JsonElement> DecideAsync(string ip) => PostAsync("/api/v1/evaluate", SomeEvent.Login(null, ip: ip, subject: "43"), 200);
}
