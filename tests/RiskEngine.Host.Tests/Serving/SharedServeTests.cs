using System.Net.Http.Json;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>Programs that share a store on real servers of PostgreSQL and Redis.</summary>
public sealed class SharedServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact("psql", "redis-server")]
    public async Task Two_programs_on_one_store_are_one_and_a_restart_keeps_everything()
    {
        await SharedStoreSection.WriteAsync(_folder);
        await using (var one = await ServedProgram.StartAsync(_folder.FullName))
        await using (var other = await ServedProgram.StartAsync(_folder.FullName))
        {
            using var first = one.Client();
            using var second = other.Client();
            Assert.Equal((2, 0), await PostAsync(first, "a", "b"));
            Assert.Equal((1, 2), await PostAsync(second, "a", "b", "c"));
            Assert.Equal("a", (await GetAsync(second, "/api/v1/assessments/a")).GetProperty("event_id").GetString());

            using var blocked = await first.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.66", duration = "4h", reason = "spray" });
            Assert.True(blocked.IsSuccessStatusCode, await blocked.Content.ReadAsStringAsync());
            await TestServer.UntilAsync(async () => (await EvaluateAsync(second, "203.0.113.66")).GetProperty("decision").GetString() == "block", "the block at the other program");
            Assert.DoesNotContain("store", (await EvaluateAsync(second, "203.0.113.67")).GetProperty("degraded").EnumerateArray().Select(fact => fact.GetString()));

            // The one that leads is killed; the other goes on alone.
            await one.KillAsync();
            Assert.Equal((1, 1), await PostAsync(second, "c", "d"));
            Assert.Equal(0, await other.StopAsync());
        }

        await using var again = await ServedProgram.StartAsync(_folder.FullName);
        using var client = again.Client();
        Assert.Equal((0, 4), await PostAsync(client, "a", "b", "c", "d"));
        Assert.Equal("block", (await EvaluateAsync(client, "203.0.113.66")).GetProperty("decision").GetString());
        Assert.Equal("203.0.113.66", Assert.Single((await GetAsync(client, "/api/v1/blocks")).GetProperty("items").EnumerateArray()).GetProperty("value").GetString());
    }

    [LinuxFact("psql", "redis-server")]
    public async Task What_one_program_knew_in_its_file_replicas_know_after_a_move_and_its_keys_still_open()
    {
        string key;
        await using (var alone = await ServedProgram.StartAsync(_folder.FullName))
        {
            using var client = alone.Client();
            Assert.Equal((2, 0), await PostAsync(client, "a", "b"));
            using var blocked = await client.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.66", duration = "4h", reason = "spray" });
            using var made = await client.PostAsJsonAsync("/api/v1/keys", new { name = "idp", scopes = new[] { "evaluate" } });
            key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
            Assert.Equal(0, await alone.StopAsync());
        }

        var file = Assert.Single(Directory.GetFiles(_folder.FullName, "*.db"));
        await SharedStoreSection.WriteAsync(_folder);
        var would = await Cli.Program.RunAsync("migrate", "--config", _folder.File("riskengine.yaml"), "--state", file);
        Assert.Contains("Nothing was changed", would.Output, StringComparison.Ordinal);
        var moved = await Cli.Program.RunAsync("migrate", "--config", _folder.File("riskengine.yaml"), "--state", file, "--yes");
        Assert.Equal((0, ""), (moved.Code, moved.Error));
        Assert.Contains("All of it is there, by count and checksum.", moved.Output, StringComparison.Ordinal);
        var again = await Cli.Program.RunAsync("migrate", "--config", _folder.File("riskengine.yaml"), "--state", file, "--yes");
        Assert.Equal(1, again.Code);
        Assert.Contains("The shared store is in use", again.Error, StringComparison.Ordinal);

        await using var replica = await ServedProgram.StartAsync(_folder.FullName);
        using var there = replica.Client();
        Assert.Equal((1, 2), await PostAsync(there, "a", "b", "c"));
        there.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal("block", (await EvaluateAsync(there, "203.0.113.66")).GetProperty("decision").GetString());
    }

    [LinuxFact("psql", "redis-server")]
    public async Task The_doctor_looks_at_both_servers()
    {
        await SharedStoreSection.WriteAsync(_folder);
        var finished = await Cli.Program.RunAsync("doctor", "--config", _folder.File("riskengine.yaml"));
        Assert.Contains("ok    postgresql: the tables are not there yet", finished.Output, StringComparison.Ordinal);
        Assert.Contains("look  redis: 127.0.0.1:", finished.Output, StringComparison.Ordinal);
        Assert.Contains("has no maxmemory", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Username", finished.Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Without_PostgreSQL_it_does_not_start_and_says_what_to_do()
    {
        _folder.Write("riskengine.yaml", $"store: {{ kind: shared }}\npostgres: {{ connection_string: 'Host=127.0.0.1;Port={TestServer.FreePort()};Username=a;Database=b', timeout: 2s }}\nhttp: {{ url: 'http://127.0.0.1:0' }}\n");
        var finished = await Cli.Program.RunAsync("serve", "--config", _folder.File("riskengine.yaml"));
        Assert.Equal(3, finished.Code);
        Assert.Contains("PostgreSQL cannot be reached. See whether it runs, and postgres.connection_string.", finished.Error, StringComparison.Ordinal);
    }

    private static async Task<(int Accepted, int Duplicates)> PostAsync(HttpClient client, params string[] ids)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/events", ids.Select(id => SomeEvent.Login(id)).ToArray());
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, told.ToString());
        return (told.GetProperty("accepted").GetInt32(), told.GetProperty("duplicates").GetInt32());
    }

    private static async Task<JsonElement> EvaluateAsync(HttpClient client, string address)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/evaluate", SomeEvent.Login(null, "login_attempt", address));
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Task<JsonElement> GetAsync(HttpClient client, string path) => client.GetFromJsonAsync<JsonElement>(path);
}
