using System.Diagnostics;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>A rule goes wrong and would block a thousand homes at once: what the valve does, and what the pager hears of it.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int Homes = 1000;

    /// <summary>One that the rule thinks nobody signs in from.</summary>
    private static readonly object Provider = new { number = 64500 };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Policy = """
        mode: enforce
        rules:
          - name: gone-wrong
            when: { asn: [64500] }
            then: block
            scope: ip
            for: 4h
        """;

    [LinuxFact("prometheus", "prometheus-alertmanager")]
    public async Task Standing_blocks_stay_new_ones_become_challenges_and_one_page_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var (policy, faults) = PolicyReader.Parse(Policy, "policy.yaml");
        Assert.Empty(faults);
        server.Parts.Engine.Swap(Some.Engine(server.Store.Hash, policy));
        await using var watch = await Watch.StartAsync(folder.FullName, server.Admin.BaseAddress!);

        // Prometheus has to have seen the counter at 0 before it can see it rise.
        await watch.Pages.SeeAsync(sent => Name(sent.Alert) == "RiskEngineHeartbeat", Patience);

        // Everybody has signed in at home for three days, so everybody is somebody whom a block of that home hits.
        for (var day = 3; day > 0; day--) await PostAsync(server, Homes, (home, id) => Login(home, $"{id}-{day}", null, TimeSpan.FromDays(day)));
        var person = (await PostAsync(server, "/api/v1/blocks", new { scope = "ip", value = "198.51.100.200", duration = "4h", reason = "a person's" })).GetProperty("id").GetInt64();
        await PostAsync(server, 1, (_, _) => Login(Homes, "standing", Provider, TimeSpan.FromMinutes(1)));
        var before = server.Store.Blocks.All.Select(block => block.Id).ToHashSet();
        Assert.Equal(2, before.Count);
        Assert.Contains(person, before);

        var started = Stopwatch.GetTimestamp();
        await PostAsync(server, Homes, (home, id) => Guess(home, $"{id}-flood"));
        var took = Stopwatch.GetElapsedTime(started);

        var flood = await AssessedAsync(server);
        var made = server.Store.Blocks.All.Count() - before.Count;
        output.WriteLine($"{Homes} guesses that a rule blocks were judged in {took.TotalMilliseconds:0} ms: {made} blocks were made, {flood.Count(each => each.Valve == SafetyValve.Name)} held.");
        Assert.InRange(made, new SafetyValveSettings().MinimumSubjects, Homes / 10);
        Assert.Equal(Homes - made, flood.Count(each => each is { Valve: SafetyValve.Name, Decision: "challenge" }));
        Assert.Superset(before, server.Store.Blocks.All.Select(block => block.Id).ToHashSet());
        Assert.Equal("block", (await PostAsync(server, "/api/v1/evaluate", SomeEvent.Login(null, ip: "198.51.100.200", subject: "stranger"))).GetProperty("decision").GetString());

        await watch.Pages.SeeAsync(sent => IsValve(sent.Alert), Patience);
        await PostAsync(server, Homes, (home, id) => Guess(home, $"{id}-again"));
        // What pages after it shows that whatever was to be sent of the valve has been sent.
        using (var spray = await server.Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.250", 60), "application/x-ndjson"))) Assert.True(spray.IsSuccessStatusCode);
        await watch.Pages.SeeAsync(sent => IsSpray(sent.Alert), Patience);
        Assert.Single(watch.Pages.All, sent => IsValve(sent.Alert));
    }

    /// <summary>A /64 each, which one home has.</summary>
    private static string HomeOf(int home) => $"2001:db8:{home:x}::7";

    private static Dictionary<string, object?> Login(int home, string id, object? provider, TimeSpan ago)
    {
        var login = SomeEvent.Login(id, "login", HomeOf(home), $"p{home}");
        (login["asn"], login["occurred_at"]) = (provider, (DateTimeOffset.UtcNow - ago).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        return login;
    }

    /// <summary>A guest at that home gets a password wrong, by way of that provider. Nobody's own home is blocked for what the owner does there.</summary>
    private static Dictionary<string, object?> Guess(int home, string id)
    {
        var login = Login(home, id, Provider, TimeSpan.Zero);
        (login["kind"], login["subject"]) = ("login_failed", new { id = $"guest{home}" });
        return login;
    }

    private static async Task PostAsync(RunningServer server, int count, Func<int, string, Dictionary<string, object?>> login)
    {
        var lines = string.Join('\n', Enumerable.Range(0, count).Select(home => JsonSerializer.Serialize(login(home, $"home-{home}"))));
        using var taken = await server.Admin.PostAsync("/api/v1/events", Json.Text(lines, "application/x-ndjson"));
        Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> PostAsync(RunningServer server, string path, object body)
    {
        using var answer = await server.Admin.PostAsync(path, Json.Body(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await Json.ReadAsync(answer);
    }

    private static async Task<IReadOnlyList<(string Decision, string? Valve)>> AssessedAsync(RunningServer server)
    {
        var page = await server.Records.FindAssessmentsAsync(new AssessmentQuery { Limit = Homes }, CancellationToken.None);
        return [.. page.Items.Where(item => item.EventId.EndsWith("-flood", StringComparison.Ordinal)).Select(item => (item.Assessment!.Action.Name(), item.Assessment.Valve))];
    }

    private static bool IsSpray(JsonElement alert) => Name(alert) == "RiskEngineAttackUnderWay" && alert.GetProperty("labels").GetProperty("kind").GetString() == "password_spray";

    private static bool IsValve(JsonElement alert) => Name(alert) == "RiskEngineSafetyValveTripped" && alert.GetProperty("status").GetString() == "firing";

    private static string? Name(JsonElement alert) => alert.GetProperty("labels").GetProperty("alertname").GetString();
}
