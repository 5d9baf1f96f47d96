using System.Net;
using System.Text;
using System.Text.Json;
using RiskEngine.Collectors.File;

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
    public async Task Unknown_members_are_passed_over()
    {
        var body = """{"id":"once","nobody":{"knows":[1]},"nobody":2,""" + JsonSerializer.Serialize(SomeEvent.Login(null).Without("id"))[1..];
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Json.Text(body)));
        Assert.Equal("once", (await GetAsync("/api/v1/assessments/once")).GetProperty("event_id").GetString());
    }

    [Theory, InlineData("/api/v1/events"), InlineData("/api/v1/evaluate")]
    public async Task A_member_given_twice_is_refused_with_its_place(string path)
    {
        var body = JsonSerializer.Serialize(SomeEvent.Login("twice"))[..^1] + ",\"source_ip\":\"198.51.100.1\"}";
        using var response = await Admin.PostAsync(path, Json.Text(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var fault = (await Json.ReadAsync(response)).GetProperty("errors")[0];
        Assert.Equal(("duplicate_key", body.LastIndexOf("\"source_ip", StringComparison.Ordinal)), (fault.GetProperty("reason").GetString(), fault.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task A_page_of_authentik_is_refused_with_every_faulty_element_and_taken_whole_without_them()
    {
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        string Row(int i) => $$"""{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7d0{{i}}","action":"login","user":{"pk":{{i}},"username":"u{{i}}"},"client_ip":"203.0.113.{{i}}","created":"{{now}}"}""";
        string Page(params string[] rows) => $$"""{"pagination":{"count":{{rows.Length}}},"results":[{{string.Join(",", rows)}}]}""";
        var system = Row(5).Replace("login", "update_available", StringComparison.Ordinal).Replace("\"pk\":5,\"username\":\"u5\"", "", StringComparison.Ordinal);

        using var refused = await Admin.PostAsync("/api/v1/events/authentik", Json.Text(Page(Row(0), Row(1).Replace("203.0.113.1", "x", StringComparison.Ordinal), Row(2), Row(3).Replace("\"action\":\"login\",", "", StringComparison.Ordinal), Row(4), system)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = await Json.ReadAsync(refused);
        Assert.Equal(2, problem.GetProperty("error_count").GetInt32());
        Assert.Equal([(1, "bad_address"), (3, "missing_field")], problem.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("index").GetInt32(), error.GetProperty("reason").GetString()!)));

        using var taken = await Admin.PostAsync("/api/v1/events/authentik", Json.Text(Page(Row(0), Row(1), system)));
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Equal(3, (await Json.ReadAsync(taken)).GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task An_event_is_as_long_as_a_line_of_a_file_may_be_and_no_longer()
    {
        string Event(string id, int length)
        {
            var text = JsonSerializer.Serialize(SomeEvent.Login(id))[..^1] + ",\"filling\":\"";
            return text + new string('x', length - text.Length - 2) + "\"}";
        }

        var (longest, longer) = (Event("longest", EventReader.LineLimit), Event("longer", EventReader.LineLimit + 1));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Json.Text(longest)));
        foreach (var body in new[] { longer, $"[{Event("beside", 1000)},{longer}]" })
        {
            using var refused = await Admin.PostAsync("/api/v1/events", Json.Text(body));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var fault = (await Json.ReadAsync(refused)).GetProperty("errors")[0];
            Assert.Equal((body[0] == '[' ? 1 : 0, "line_too_long"), (fault.GetProperty("index").GetInt32(), fault.GetProperty("reason").GetString()));
        }

        using var lines = await Admin.PostAsync("/api/v1/events", Json.Text($"{Event("first", EventReader.LineLimit)}\n{longer}\n{Event("last", 1000)}\n", "application/x-ndjson"));
        var answer = await Json.ReadAsync(lines);
        Assert.Equal((2, 1, "line_too_long"), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected")[0].GetProperty("line").GetInt32(), answer.GetProperty("rejected")[0].GetProperty("reason").GetString()));
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
    [InlineData("GET", "/forward-nobody", 404)]
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
