using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>A server that was killed answers as soon as it listens, and what it reads later changes none of its answers.</summary>
public sealed class StartTests
{
    /// <summary>More than one segment of the index of events, so that there are ids to be read after the start.</summary>
    private const int Events = 70_000, PerBatch = 5000;

    [LinuxFact]
    public async Task The_first_answer_after_a_kill_tells_repeats_from_new_events()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServedProgram.StartAsync(folder.FullName))
        {
            using var client = server.Client();
            for (var first = 0; first < Events; first += PerBatch)
                Assert.Equal((PerBatch, 0), await PostAsync(client, Enumerable.Range(first, PerBatch).Select(number => $"event-{number}")));
            await server.KillAsync();
        }

        await using var again = await ServedProgram.StartAsync(folder.FullName);
        using var later = again.Client();
        string[] ids = ["event-0", "event-1", "new", $"event-{Events / 2}", $"event-{Events - 1}"];
        Assert.Equal((1, 4), await PostAsync(later, ids));
        // Read beside the ids of seven days, and begun at the same time.
        await again.SeeAsync("incidents of before the start were found again");
        Assert.Equal((0, 5), await PostAsync(later, ids));
    }

    private static async Task<(int Accepted, int Duplicates)> PostAsync(HttpClient client, IEnumerable<string> ids)
    {
        var lines = string.Join('\n', ids.Select(id => JsonSerializer.Serialize(SomeEvent.Login(id, subject: $"{id.Length}"))));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await client.PostAsync("/api/v1/events", content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var counts = JsonDocument.Parse(text);
        return (counts.RootElement.GetProperty("accepted").GetInt32(), counts.RootElement.GetProperty("duplicates").GetInt32());
    }
}
