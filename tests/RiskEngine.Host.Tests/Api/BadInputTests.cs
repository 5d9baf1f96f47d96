using System.Net;
using System.Text;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

public sealed class BadInputTests : ApiTests
{
    public static TheoryData<string> BadBodies => new("{", "[", "", "   ", "{}", "[{}]", "null", "1", "\"text\"", "[1,2]", "{\"occurred_at\":", "[{},", "{} {}", "[{}] x", new string('[', 5000), "{\"kind\":\"login\",\"occurred_at\":1,\"subject\":{\"id\":\"1\"}}", "{\"kind\":\"login\",\"occurred_at\":\"2026-11-21T00:00:00Z\"}", "{\"a\":\"\\ud800\"}");

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_a_problem_with_an_index_and_never_a_failure(string body)
    {
        foreach (var path in (string[])["/api/v1/events", "/api/v1/events/authentik"])
        {
            using var response = await Admin.PostAsync(path, Json.Text(body));
            if (path.EndsWith("authentik", StringComparison.Ordinal) && response.StatusCode == HttpStatusCode.Accepted) continue;
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.True((await Json.ReadAsync(response)).GetProperty("errors")[0].TryGetProperty("index", out _));
        }

        using var live = await Server.Nobody.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Invalid_utf8_is_refused() => Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Json.Bytes([0xff, 0xfe])));

    [Fact]
    public async Task Invalid_utf8_within_a_text_is_refused()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(SomeEvent.Login("x"));
        body[Array.IndexOf(body, (byte)'x')] = 0xff;
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Json.Bytes(body)));
    }

    [Fact]
    public async Task Unknown_members_are_passed_over_and_of_repeated_ones_the_last_counts()
    {
        var body = """{"id":"a","id":"twice","nobody":{"knows":[1]},""" + JsonSerializer.Serialize(SomeEvent.Login(null).Without("id"))[1..];
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Json.Text(body)));
        Assert.Equal("twice", (await GetAsync("/api/v1/assessments/twice")).GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task A_body_of_80_MiB_is_refused_or_cut_off()
    {
        try
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(Json.Bytes(new byte[80 << 20])));
        }
        catch (HttpRequestException)
        {
            // The server need not read what it refuses.
        }
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused() => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(Gzip.Content(new byte[40 << 20])));

    [Fact]
    public async Task Half_a_gzip_stream_is_refused()
    {
        var whole = Gzip.Compress(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Enumerable.Range(0, 50).Select(i => SomeEvent.Login($"g{i}")))));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Gzip.Raw(whole[..(whole.Length / 2)])));
    }

    [Fact]
    public async Task What_is_no_gzip_stream_is_refused() => Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Gzip.Raw("{}"u8.ToArray())));

    [Fact]
    public async Task A_value_that_was_sent_is_never_sent_back()
    {
        using var response = await Admin.PostAsync("/api/v1/events", Json.Text("""[{"occurred_at":"hunter2","kind":"hunter2","subject":"hunter2","source_ip":"hunter2"}]"""));
        Assert.DoesNotContain("hunter2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var block = await Admin.PostAsync("/api/v1/blocks", Json.Text("""{"scope":"ip","hunter2":"x"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, block.StatusCode);
        Assert.DoesNotContain("hunter2", await block.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/forward-auth", 404)]
    [InlineData("DELETE", "/api/v1/events", 405)]
    [InlineData("PUT", "/api/v1/blocks", 405)]
    [InlineData("GET", "/api/v1/assessments?limit=0", 400)]
    [InlineData("GET", "/api/v1/assessments?limit=many", 400)]
    [InlineData("GET", "/api/v1/assessments?level=awful", 400)]
    [InlineData("GET", "/api/v1/assessments?ip=300.1.1.1", 400)]
    [InlineData("GET", "/api/v1/assessments/none", 404)]
    [InlineData("GET", "/api/v1/ips/nowhere", 400)]
    [InlineData("GET", "/api/v1/blocklist?format=xml", 400)]
    [InlineData("DELETE", "/api/v1/blocks/99999", 404)]
    [InlineData("DELETE", "/api/v1/keys/nobody", 404)]
    public async Task Misses_are_problems_too(string method, string path, int expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Admin.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, (await Json.ReadAsync(response)).GetProperty("status").GetInt32());
    }

    private async Task<HttpStatusCode> SendAsync(HttpContent content)
    {
        using var response = await Admin.PostAsync("/api/v1/events", content);
        return response.StatusCode;
    }
}
