using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Host.Tests.Incidents;

/// <summary>Incidents over programs that share a store.</summary>
public sealed class SharedIncidentTests : IDisposable
{
    private const int Guesses = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact("psql", "redis-server")]
    public async Task Halves_of_an_attack_at_two_programs_are_one_incident_at_both_and_at_whoever_comes_later()
    {
        string told;
        await using (var programs = await TwoPrograms.StartAsync(_folder))
        {
            var (first, second) = (programs.First, programs.Second);
            var lines = SomeEvent.Spray("203.0.113.9", Guesses).Split('\n');
            // Each half alone opens one; in turns, so that neither program sees the attack as a whole.
            foreach (var (turn, slice) in lines.Chunk(10).Index()) await PostAsync(turn % 2 == 0 ? first : second, slice);
            told = await SeeAllAsync(first);
            Assert.Equal(told, await SeeAllAsync(second));
            await programs.One.KillAsync();
            await programs.Other.KillAsync();
        }

        await using var again = await ServedProgram.StartAsync(_folder.FullName);
        using var client = again.Client();
        Assert.Equal(told, await SeeAllAsync(client));
    }

    [LinuxFact("psql", "redis-server")]
    public async Task Who_is_erased_at_one_program_is_named_by_no_incident_of_the_other()
    {
        await using var programs = await TwoPrograms.StartAsync(_folder);
        var (first, second) = (programs.First, programs.Second);
        await PostAsync(first, SomeEvent.Spray("203.0.113.9", Guesses).Split('\n'));
        var named = Tried(await SeeAllAsync(second));
        using var erased = await first.DeleteAsync($"/api/v1/subjects/{named[0]}");
        Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync());
        await TestServer.UntilAsync(async () => await TellAsync(second) is { } all && Tried(all) is var left && left.Contains(named[1]) && !left.Contains(named[0]), "the incident without who was erased");
    }

    /// <summary>Names that were tried, as far as they are told.</summary>
    private static string[] Tried(string incident)
    {
        using var read = JsonDocument.Parse(incident);
        return [.. read.RootElement.GetProperty("subjects_tried").GetProperty("examples").EnumerateArray().Select(name => name.GetString()!)];
    }

    private static async Task PostAsync(HttpClient client, string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await client.PostAsync("/api/v1/events", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What is told once every event that was risky is in.</summary>
    private static async Task<string> SeeAllAsync(HttpClient client)
    {
        using var stored = JsonDocument.Parse(await client.GetStringAsync("/api/v1/assessments?level=low&limit=200"));
        var risky = stored.RootElement.GetProperty("items").GetArrayLength();
        var seen = "";
        await TestServer.UntilAsync(
            async () =>
            {
                if (await TellAsync(client) is not { } told) return false;
                seen = told;
                using var incident = JsonDocument.Parse(told);
                return risky - incident.RootElement.GetProperty("events").GetInt64() is >= 0 and < 10;
            },
            $"one incident with all but the first few of {risky} risky events ({seen})");
        return seen;
    }

    /// <summary>The one incident; null while there is none, or while those of before are read.</summary>
    private static async Task<string?> TellAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/incidents");
        if (!answer.IsSuccessStatusCode) return null;
        using var listed = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var items = listed.RootElement.GetProperty("items");
        if (items.GetArrayLength() == 0) return null;
        using var one = await client.GetAsync($"/api/v1/incidents/{Assert.Single(items.EnumerateArray()).GetProperty("id").GetString()}?names=true");
        // Between the two questions it may have begun to read anew, as somebody was erased.
        return one.IsSuccessStatusCode ? await one.Content.ReadAsStringAsync() : null;
    }
}
