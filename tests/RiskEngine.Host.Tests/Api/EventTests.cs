using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

public class EventTests : ApiTests
{
    private const string Route = "/api/v1/events";

    [Fact]
    public async Task One_event_is_accepted_and_found_again()
    {
        var answer = await PostAsync(Route, SomeEvent.Login("one"), 202);

        Assert.Equal("""{"accepted":1,"duplicates":0,"rejected":[]}""", answer.GetRawText());
        Assert.Equal("one", (await GetAsync("/api/v1/assessments/one")).GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task A_repeated_id_is_a_duplicate()
    {
        await PostAsync(Route, SomeEvent.Login("first"), 202);
        var answer = await PostAsync(Route, new[] { SomeEvent.Login("first"), SomeEvent.Login("second") }, 202);

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(1, answer.GetProperty("duplicates").GetInt32());
    }

    [Fact]
    public async Task A_faulty_array_is_refused_whole_with_the_index_of_each_fault()
    {
        var answer = await PostAsync(Route, new object[] { SomeEvent.Login("good"), new { kind = "login" }, SomeEvent.Login("better"), new { occurred_at = "yesterday", kind = 3 } }, 400);

        Assert.Equal([1, 3], answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("index").GetInt32()));
        using var kept = await Admin.GetAsync("/api/v1/assessments/good");
        Assert.Equal(HttpStatusCode.NotFound, kept.StatusCode);
    }

    [Fact]
    public async Task Of_lines_the_bad_ones_are_told_and_the_good_ones_kept()
    {
        var lines = $"{JsonSerializer.Serialize(SomeEvent.Login("a"))}\n\n{{broken\r\n{JsonSerializer.Serialize(SomeEvent.Login("b"))}\n";
        using var response = await Admin.PostAsync(Route, Json.Text(lines, "application/x-ndjson"));
        var answer = await Json.ReadAsync(response);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(2, Assert.Single(answer.GetProperty("rejected").EnumerateArray()).GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task At_most_a_hundred_bad_lines_are_told_and_all_are_counted()
    {
        using var response = await Admin.PostAsync(Route, Json.Text(string.Concat(Enumerable.Repeat("{\n", 250)), "application/x-ndjson"));
        var answer = await Json.ReadAsync(response);

        Assert.Equal(100, answer.GetProperty("rejected").GetArrayLength());
        Assert.Equal(250, answer.GetProperty("rejected_count").GetInt32());
    }

    [Fact]
    public async Task An_event_older_than_the_horizon_is_told_as_too_old()
    {
        await PostAsync(Route, SomeEvent.Login("now"), 202);
        var old = SomeEvent.Login("old");
        old["occurred_at"] = "2026-01-01T00:00:00Z";
        var answer = await PostAsync(Route, new[] { SomeEvent.Login("new"), old }, 202);

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        var rejected = Assert.Single(answer.GetProperty("rejected").EnumerateArray());
        Assert.Equal((1, "too_old"), (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Without_id_and_key_a_repeat_is_a_new_event()
    {
        var login = SomeEvent.Login(null).Without("id");

        Assert.Equal(1, (await PostAsync(Route, login, 202)).GetProperty("accepted").GetInt32());
        Assert.Equal(1, (await PostAsync(Route, login, 202)).GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task With_an_idempotency_key_a_repeat_gets_the_same_answer_and_counts_once()
    {
        var body = JsonSerializer.Serialize(new[] { SomeEvent.Login(null).Without("id"), SomeEvent.Login(null).Without("id") });
        var first = await SendAsync(body, "k1");
        var second = await SendAsync(body, "k1");

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(first, second);
        Assert.Equal(2, (await GetAsync("/api/v1/assessments")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_idempotency_key_is_for_one_body_only()
    {
        await SendAsync(JsonSerializer.Serialize(SomeEvent.Login("x")), "k2");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(JsonSerializer.Serialize(SomeEvent.Login("y")), "k2")).Status);
    }

    [Fact]
    public async Task A_gzipped_body_is_understood()
    {
        using var response = await Admin.PostAsync(Route, Gzip.Content(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(SomeEvent.Login("zipped")))));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Authentiks_events_have_a_route_of_their_own()
    {
        var answer = await PostAsync(
            "/api/v1/events/authentik",
            new { pk = "0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11", action = "login", app = "authentik.events", created = DateTimeOffset.UtcNow, client_ip = "81.2.69.160", user = new { pk = 7, username = "jane" }, context = new { } }, 202);

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 202)]
    [InlineData("text/json", 202)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("image/png", 415)]
    [InlineData("", 415)]
    public async Task Only_json_in_utf8_is_taken(string contentType, int expected)
    {
        using var response = await Admin.PostAsync(Route, Json.Bytes(JsonSerializer.SerializeToUtf8Bytes(SomeEvent.Login(null)), contentType));
        Assert.Equal(expected, (int)response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = Json.Text(body) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Admin.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>Compressed bodies.</summary>
public static class Gzip
{
    public static ByteArrayContent Content(byte[] plain) => Raw(Compress(plain));

    public static ByteArrayContent Raw(byte[] compressed)
    {
        var content = Json.Bytes(compressed);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    public static byte[] Compress(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) gzip.Write(plain);
        return buffer.ToArray();
    }
}
