using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Api;

/// <summary>The OpenAPI document against live traffic. All other API tests are held against it too, by <see cref="DescribedTraffic"/>; here is what they might not send.</summary>
public sealed partial class OpenApiTrafficTests(ITestOutputHelper output) : ApiTests
{
    private const string Events = "/api/v1/events", Evaluate = "/api/v1/evaluate", Authentik = "/api/v1/events/authentik";

    private static string Now => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    [OpenApiFact]
    public async Task Every_event_in_README_and_docs_is_as_described()
    {
        string[] files = [RepositoryRoot.Path("README.md"), .. Directory.EnumerateFiles(RepositoryRoot.Path("docs"), "*.md", SearchOption.AllDirectories)];
        var events = files.SelectMany(file => EventsIn(File.ReadAllText(file))).ToList();
        Assert.True(events.Count >= 4, $"{events.Count} events were found.");
        foreach (var one in events) await SendAsync(one.Contains("\"kind\"", StringComparison.Ordinal) ? Events : Evaluate, one);
    }

    [OpenApiFact]
    public async Task An_event_needs_a_time_a_kind_and_a_subject_and_no_more()
    {
        foreach (var rest in (string[])
        [
            "\"subject\":{\"id\":\"42\"}", "\"subject\":{\"id\":42}", "\"subject\":{\"name\":\"jane\"}", "\"subject\":{\"id\":\"42\",\"name\":null,\"groups\":[\"staff\"],\"service_account\":false}",
            "\"subject\":{\"id\":\"42\"},\"geo\":{\"country\":\"DE\"},\"asn\":{\"number\":64500}", "\"subject\":{\"id\":\"42\"},\"geo\":null,\"asn\":{\"organization\":\"Example\"},\"mfa\":[]",
            "\"subject\":{\"id\":\"42\",\"more\":1},\"label\":{\"attack\":\"none\"},\"of_a_later_version\":true",
        ])
        {
            await SendAsync(Events, $$$"""{"occurred_at":"{{{Now}}}","kind":"login",{{{rest}}}}""");
            await SendAsync(Events, $$$"""[{"occurred_at":"{{{Now}}}","kind":"login",{{{rest}}}}]""");
            await SendAsync(Evaluate, $"{{{rest}}}");
        }
    }

    [OpenApiFact]
    public async Task What_was_rejected_is_told_as_described_and_so_is_that_nothing_was()
    {
        var good = $$$"""{"occurred_at":"{{{Now}}}","kind":"login","subject":{"id":"42"}}""";
        await SendAsync(Events, good + "\n" + good, "application/x-ndjson");
        using var told = await Admin.PostAsync(Events, Json.Bytes(Encoding.UTF8.GetBytes(good + "\n{\"kind\":3}\nnothing"), "application/x-ndjson; charset=utf-8"));
        Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
        Assert.Equal(2, (await Json.ReadAsync(told)).GetProperty("rejected_count").GetInt32());
    }

    [OpenApiFact]
    public async Task Events_of_authentik_are_as_described()
    {
        var one = $$$"""{"pk":"{{{Guid.NewGuid()}}}","action":"login","app":"authentik.events","created":"{{{Now}}}","client_ip":"203.0.113.7","user":{"pk":42,"username":"jane"},"context":{"auth_method":"password"}}""";
        await SendAsync(Authentik, one);
        await SendAsync(Authentik, $"[{one}]");
        await SendAsync(Authentik, $"{{\"pagination\":{{\"next\":0}},\"results\":[{one}]}}");
    }

    [OpenApiTheory, InlineData("plain"), InlineData("nginx"), InlineData("haproxy"), InlineData("json")]
    public async Task The_block_list_is_as_described_in_every_form(string format)
    {
        await PostAsync("/api/v1/blocks", new { scope = "range", value = "203.0.113.0/24", duration = "4h", reason = "a test" }, 201);
        Assert.Contains("203.0.113.0/24", await Admin.GetStringAsync($"/api/v1/blocklist?format={format}"), StringComparison.Ordinal);
    }

    /// <summary>Whoever adds a route that is read finds it held here without a line of his; one that changes something he calls in a test of his own.</summary>
    [OpenApiFact]
    public async Task Every_route_answers_as_described()
    {
        await PostAsync(Events, SomeEvent.Login("known"), 202);
        await SendAsync(Authentik, $$$"""{"pk":"a","action":"login","created":"{{{Now}}}","user":{"pk":1,"username":"jane"}}""");
        await PostAsync(Evaluate, SomeEvent.Login(null), 200);
        await PostAsync("/api/v1/feedback", new { event_id = "known", label = "safe" }, 204);
        var block = await PostAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.7", duration = "4h", reason = "a test" }, 201);
        var allow = await PostAsync("/api/v1/allowlist", new { scope = "ip", value = "203.0.113.7", duration = "4h", reason = "a test" }, 201);
        await PostAsync("/api/v1/keys", new { name = "program", scopes = new[] { "evaluate" } }, 201);
        await PostAsync("/api/v1/keys/program/rotate", new { }, 200);

        var document = await GetAsync("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name))
        {
            var asked = Parameter().Replace(path, match => match.Value switch { "{event_id}" => "known", "{ip}" => "203.0.113.7", "{id}" => "42", _ => "none" });
            using var answer = await Admin.GetAsync(asked, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.StatusCode is not HttpStatusCode.InternalServerError, path);
        }

        await DeleteAsync($"/api/v1/blocks/{block.GetProperty("id").GetRawText()}");
        await DeleteAsync($"/api/v1/allowlist/{allow.GetProperty("id").GetRawText()}");
        await DeleteAsync("/api/v1/keys/program");
        await DeleteAsync("/api/v1/subjects/42?dry_run=true");

        var all = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToList();
        var quiet = all.Where(operation => !Server.Exercised.ContainsKey(operation)).ToList();
        output.WriteLine($"{all.Count - quiet.Count} of {all.Count} operations were called here. Not called: {(quiet.Count == 0 ? "none" : string.Join(", ", quiet))}.");
        Assert.DoesNotContain(quiet, operation => operation.StartsWith("GET ", StringComparison.Ordinal));
    }

    [OpenApiFact]
    public async Task Traffic_that_is_not_as_described_is_told()
    {
        Exchange taken = new("POST", Events, "application/json", $$$"""{"occurred_at":"{{{Now}}}","kind":"login","subject":{"id":"42"}}""", 202, "application/json", """{"accepted":1,"duplicates":0,"rejected":[]}""");
        Assert.Empty(await FaultsAsync(taken));
        Assert.Contains("request", Assert.Single(await FaultsAsync(taken with { Request = """{"kind":"login"}""" })), StringComparison.Ordinal);
        Assert.Contains("'accepted' is a required property", Assert.Single(await FaultsAsync(taken with { Response = """{"duplicates":0,"rejected":[]}""" })), StringComparison.Ordinal);
        Assert.Contains("299", Assert.Single(await FaultsAsync(taken with { Status = 299 })), StringComparison.Ordinal);
        Assert.Contains("text/html", Assert.Single(await FaultsAsync(taken with { ResponseType = "text/html" })), StringComparison.Ordinal);
        Assert.Contains("line 1", Assert.Single(await FaultsAsync(taken with { RequestType = "application/x-ndjson", Request = taken.Request + "\n{}" })), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(Exchange exchange) => (await OpenApiChecker.CheckAsync(exchange)).Faults;

    private async Task SendAsync(string path, string body, string mediaType = "application/json")
    {
        using var response = await Admin.PostAsync(path, Json.Text(body, mediaType));
        Assert.True(response.IsSuccessStatusCode, $"{body}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task DeleteAsync(string path)
    {
        using var response = await Admin.DeleteAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
    }

    /// <summary>Events as they stand in a document, with the time where the shell would put it.</summary>
    private static IEnumerable<string> EventsIn(string text)
    {
        foreach (Match start in ObjectStart().Matches(text))
        {
            var depth = 0;
            for (var end = start.Index; end < text.Length; end++)
            {
                depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
                if (depth > 0) continue;
                var json = text[start.Index..(end + 1)].Replace("'$NOW'", Now, StringComparison.Ordinal);
                if (IsEvent(json)) yield return json;
                break;
            }
        }
    }

    private static bool IsEvent(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("subject", out var subject) && subject.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("""\{\s*"\w+"\s*:""")]
    private static partial Regex ObjectStart();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
