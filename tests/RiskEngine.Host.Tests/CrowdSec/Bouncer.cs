using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>A bouncer's view of a server: its key, and what it is told.</summary>
internal sealed class Bouncer(HttpClient client) : IDisposable
{
    public const string Stream = "/crowdsec/v1/decisions/stream";

    public static Bouncer Of(Uri server, string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return new Bouncer(client);
    }

    public HttpClient Client => client;

    /// <summary>Values that are new and values that were deleted, each sorted.</summary>
    public async Task<(string[] New, string[] Deleted)> PullAsync(string query = "")
    {
        var answer = await GetAsync(Stream + query);
        return (Values(answer.GetProperty("new")), Values(answer.GetProperty("deleted")));
    }

    public async Task<string[]> DecisionsAsync(string query = "") => Values(await GetAsync("/crowdsec/v1/decisions" + query));

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await client.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await Json.ReadAsync(response);
    }

    public void Dispose() => client.Dispose();

    private static string[] Values(JsonElement decisions) => decisions.ValueKind == JsonValueKind.Null
        ? []
        : [.. decisions.EnumerateArray().Select(decision => decision.GetProperty("value").GetString()!).Order(StringComparer.Ordinal)];
}
