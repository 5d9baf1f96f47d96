using System.Text.Json.Nodes;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class RotateHashesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.FullName, "riskengine.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task The_same_login_is_judged_the_same_after_the_secret_was_turned_and_a_block_still_holds() => JudgedTheSameAsync("in use by another process", "--state", Store);

    [LinuxFact("psql", "redis-server")]
    public async Task So_it_is_on_a_shared_store_and_no_replica_may_serve_it_meanwhile()
    {
        var config = await SharedStoreSection.WriteAsync(_folder);
        await JudgedTheSameAsync($"on {Environment.MachineName}. It is as it was. Stop every server first", "--config", config);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_refused_and_none_is_made()
    {
        var refused = await Program.RunAsync("keys", "rotate-hashes", "--state", Store, "--yes");
        Assert.Equal(1, refused.Code);
        Assert.Contains("is not there", refused.Error);
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    private async Task JudgedTheSameAsync(string refusal, params string[] store)
    {
        var asked = SomeEvent.Login(null).Without("kind", "id");
        var stranger = SomeEvent.Login(null, ip: "203.0.113.77", subject: "43").Without("kind", "id");
        string known, blocked;
        await using (var server = await ServedProgram.StartAsync(_folder.FullName))
        {
            using var client = server.Client();
            for (var i = 0; i < 12; i++) Assert.Equal(1, (await SendAsync(client, "/api/v1/events", SomeEvent.Login($"e{i}")))["accepted"]!.GetValue<int>());
            await SendAsync(client, "/api/v1/blocks", new { scope = "subject", value = "43", duration = "4h", reason = "left" });
            (known, blocked) = (await JudgeAsync(client, asked), await JudgeAsync(client, stranger));
            foreach (var apply in new string[][] { [], ["--yes"] })
            {
                var inUse = await Program.RunAsync(["keys", "rotate-hashes", .. store, .. apply]);
                Assert.Equal(1, inUse.Code);
                Assert.Contains(refusal, inUse.Error);
            }

            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Contains("known_device", known);
        Assert.Contains("\"block\"", blocked);
        var look = await Program.RunAsync(["keys", "rotate-hashes", .. store]);
        Assert.True(look.Code == 0, look.Error);
        Assert.Contains("Nothing was changed", look.Output);
        var done = await Program.RunAsync(["keys", "rotate-hashes", .. store, "--yes", "--json"]);
        Assert.True(done.Code == 0, done.Error);
        Assert.Equal(12, JsonNode.Parse(done.Output)!["tables"]!["events"]!["kept"]!.GetValue<int>());

        await using var again = await ServedProgram.StartAsync(_folder.FullName);
        using var after = again.Client();
        Assert.Equal(known, await JudgeAsync(after, asked));
        Assert.Equal(blocked, await JudgeAsync(after, stranger));
        Assert.Equal(1, (await SendAsync(after, "/api/v1/events", SomeEvent.Login("e3")))["duplicates"]!.GetValue<int>());
        var audit = await Program.RunAsync(["export", "audit", .. store, "--out", "-", "--verify"]);
        Assert.True(audit.Code == 0, audit.Error);
        Assert.Contains("hash_secret.rotate", audit.Output);
    }

    /// <summary>Score, signals with their reasons, decision and rule.</summary>
    private static async Task<string> JudgeAsync(HttpClient client, object login)
    {
        var answer = await SendAsync(client, "/api/v1/evaluate", login);
        return string.Join(' ', new[] { "risk_score", "decision", "rule", "signals" }.Select(name => answer[name]?.ToJsonString()));
    }

    private static async Task<JsonNode> SendAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsync(path, Json.Body(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
