using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Incidents;

/// <summary>Incidents outlive the program that found them.</summary>
public sealed class IncidentRestartTests
{
    private const string FoundAgain = "incidents of before the start were found again";

    [LinuxFact]
    public async Task After_a_kill_the_same_incidents_are_there_and_go_on()
    {
        using var folder = new TemporaryFolder();
        string before;
        await using (var server = await ServedProgram.StartAsync(folder.FullName))
        {
            using var client = server.Client();
            await PostAsync(client, SomeEvent.Spray("203.0.113.9", 60));
            await PostAsync(client, SomeEvent.Spray("198.51.100.9", 50));
            before = await TellAllAsync(client);
            await server.KillAsync();
        }

        await using var again = await ServedProgram.StartAsync(folder.FullName);
        await again.SeeAsync(FoundAgain);
        using var later = again.Client();
        Assert.Equal(before, await TellAllAsync(later));

        await PostAsync(later, JsonSerializer.Serialize(SomeEvent.Login("one-more", "login_failed", "203.0.113.9", "n1000")));
        using var listed = JsonDocument.Parse(await later.GetStringAsync("/api/v1/incidents"));
        Assert.Equal(2, listed.RootElement.GetProperty("items").GetArrayLength());
        Assert.NotEqual(before, await TellAllAsync(later));
    }

    private static async Task PostAsync(HttpClient client, string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await client.PostAsync("/api/v1/events", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> TellAllAsync(HttpClient client)
    {
        using var listed = JsonDocument.Parse(await client.GetStringAsync("/api/v1/incidents"));
        var told = new StringBuilder();
        foreach (var item in listed.RootElement.GetProperty("items").EnumerateArray())
            told.AppendLine(await client.GetStringAsync($"/api/v1/incidents/{item.GetProperty("id").GetString()}"));
        return told.ToString();
    }
}
