using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Dashboards;
using RiskEngine.Host.Tests.Logging;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>The rules in LogQL, over lines that the built program sent: parsed by Grafana's grammar and evaluated by <c>Dashboards/source/rules.js</c>.</summary>
public sealed class LogRuleTests
{
    private static readonly string[] All = ["RiskEngineLogSilent", "RiskEngineErrorsLogged", "RiskEngineKeyMade", "RiskEngineBlocksLifted", "RiskEngineAddressHitsMany"];

    [DashboardFact]
    public async Task Each_keeps_quiet_in_ordinary_life_and_fires_when_it_should()
    {
        await using var loki = await LokiStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", $"loki: {{ url: '{loki.Url.GetLeftPart(UriPartial.Authority)}', env: test, period: 100ms }}\n");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();

        // People of an office sign in, one of them is blocked and released, and the key of the first start was made.
        var office = string.Join('\n', Enumerable.Range(0, 40).Select(i => JsonSerializer.Serialize(SomeEvent.Login($"office-{i}", subject: $"person-{i}"))));
        await SendAsync(client, office);
        await LiftAsync(client, 1);
        await loki.SeeAsync(taken => taken.Count(line => line.Stream == "assessment") == 40 && taken.Any(line => line.Metadata.GetValueOrDefault("what") == "block.remove") && taken.Any(line => line.Line.Contains("audit ends", StringComparison.Ordinal)));
        Assert.Equal([], await FiringAsync(loki, TimeSpan.Zero));

        // A spray, a key, blocks lifted by the dozen, and a configuration that cannot be read.
        await SendAsync(client, SomeEvent.Spray("203.0.113.9", 80));
        using (var made = await client.PostAsync("/api/v1/keys", Json.Body(new { name = "second", scopes = (string[])["admin"] }))) Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        await LiftAsync(client, 20);
        folder.Write("riskengine.yaml", "nonsense: true\n");
        await loki.SeeAsync(taken => taken.Count(line => line.Metadata.GetValueOrDefault("what") == "block.remove") == 21 && taken.Count(line => line.Stream == "assessment") == 120 && taken.Any(line => line.Labels["level"] == "error"));
        Assert.Equal(All.Except(["RiskEngineLogSilent"]), await FiringAsync(loki, TimeSpan.Zero));

        // Nothing has come for longer than two hours.
        Assert.Equal(["RiskEngineLogSilent"], await FiringAsync(loki, TimeSpan.FromHours(2.1)));
    }

    [DashboardFact]
    public async Task Each_is_understood_by_the_grammar_and_asks_for_a_closed_set_of_streams()
    {
        await using var loki = await LokiStandIn.StartAsync();
        var rules = await EvaluateAsync(loki, TimeSpan.Zero);
        Assert.Equal(All, rules.Select(rule => rule.Alert));
        Assert.Equal([], rules.SelectMany(rule => rule.Faults));
        Assert.All(rules, rule => Assert.Matches("\\{app=\"riskengine\",stream=\"(app|audit|assessment)\"", rule.Expr));
        // Without a line there is nothing to fire on but that.
        Assert.Equal(["RiskEngineLogSilent"], rules.Where(rule => rule.Samples.Length > 0).Select(rule => rule.Alert));
    }

    private static async Task SendAsync(HttpClient client, string lines)
    {
        using var answer = await client.PostAsync("/api/v1/events", Json.Text(lines, "application/x-ndjson"));
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private static async Task LiftAsync(HttpClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var made = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = $"198.51.100.{i}", duration = "1h", reason = "a test" }));
            using var block = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
            using var lifted = await client.DeleteAsync($"/api/v1/blocks/{block.RootElement.GetProperty("id")}");
            Assert.True(lifted.IsSuccessStatusCode, $"{lifted.StatusCode}");
        }
    }

    private static async Task<IEnumerable<string>> FiringAsync(LokiStandIn loki, TimeSpan later) =>
        (await EvaluateAsync(loki, later)).Where(rule => rule.Samples.Length > 0).Select(rule => rule.Alert);

    private static async Task<List<Rule>> EvaluateAsync(LokiStandIn loki, TimeSpan later)
    {
        var lines = loki.Taken.Select(line => JsonSerializer.Serialize(new { at = line.Nanoseconds / 1_000_000, labels = line.Labels, metadata = line.Metadata, line = line.Line }));
        var now = (DateTimeOffset.UtcNow + later).ToUnixTimeMilliseconds() + 1000;
        var text = await SourceTests.NodeAsync(string.Join('\n', lines), ["rules.js", $"{now}"]);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Rule>(line, JsonSerializerOptions.Web)!)];
    }

    private sealed record Rule(string Alert, string Expr, string[] Faults, JsonElement[] Samples);
}
