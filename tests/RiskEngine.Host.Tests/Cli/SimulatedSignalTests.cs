using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>What <c>simulate</c> makes and <c>replay</c> judges, with lists as a deployment has them: every detector has something to speak of.</summary>
public sealed class SimulatedSignalTests : IAsyncLifetime
{
    /// <summary>What a person says is in no stream of logins.</summary>
    private static readonly string[] OfPeople = ["confirmed_compromise"];

    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _heard = [];

    public async Task InitializeAsync()
    {
        var events = _folder.File("events.jsonl");
        var simulated = await Program.RunAsync("simulate", "--users", "500", "--days", "7", "--seed", "401", "--out", events);
        Assert.True(simulated.Code == 0, simulated.Error);
        var lines = File.ReadLines(events).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        WriteList("vpn", lines, "Privacy VPN", organization => organization[0] is not 'A');
        WriteList("tor", lines, "Privacy VPN", organization => organization[0] is 'A');
        WriteList("hosting", lines, "Cloud Hosting", organization => true);
        WriteList("attackers", lines, "Cloud Hosting", organization => organization[0] < 'M');
        var configuration = _folder.Write("riskengine.yaml", """
            detection:
              honey_account: { subjects: [admin.old, svc-archive, sql-admin2, breakglass] }
            feeds:
              - { name: exits, path: vpn.txt, group: vpn }
              - { name: onion, path: tor.txt, group: tor }
              - { name: hosting, path: hosting.txt, group: datacentre }
              - { name: attackers, path: attackers.txt, group: reputation, evidence: 1.5 }
            """);
        var replay = await Program.RunAsync("replay", events, "--out", "-", "--config", configuration);
        Assert.True(replay.Code == 0, replay.Error);
        foreach (var line in replay.Lines) _heard.UnionWith(JsonDocument.Parse(line).RootElement.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("code").GetString()!));
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Every_detector_speaks_of_some_attack_or_for_somebody() =>
        Assert.Equal([], SignalCatalogue.All.Select(signal => signal.Name).Except(OfPeople).Except(_heard).Order());

    private void WriteList(string name, JsonElement[] lines, string kind, Func<string, bool> isListed) =>
        _folder.Write($"{name}.txt", string.Join('\n', lines
            .Where(line => line.TryGetProperty("asn", out var asn) && asn.GetProperty("organization").GetString() is { } organization && organization.Contains(kind, StringComparison.Ordinal) && isListed(organization))
            .Select(line => line.GetProperty("source_ip").GetString()).Distinct()));
}
