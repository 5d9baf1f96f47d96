using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>The policies to copy, enforced over a simulated fleet under attack: each rule finds something to do, and what a template may cost honest people is bounded.</summary>
public sealed partial class SimulatedTemplateTests : IClassFixture<SimulatedTemplateTests.Fleet>
{
    private readonly Fleet _fleet;

    public SimulatedTemplateTests(Fleet fleet) => _fleet = fleet;

    /// <param name="challenges">The most honest logins that it may challenge, of a hundred: a template that draws a line through a fleet challenges whoever is beyond it.</param>
    /// <param name="quiet">Rules with nothing to say of this fleet, and why: no operators, no login without an address, no country unknown, no absence longer than the week, administrators with browsers, nobody outside the offices.</param>
    [Theory]
    [InlineData("bad-reputation", 1.0)]
    [InlineData("unusual-countries", 8.0, "finance-nowhere")]
    [InlineData("known-devices", 3.0, "administrator-with-a-program")]
    [InlineData("service-accounts", 1.0, "service-account-from-nowhere")]
    [InlineData("one-application", 3.0, "sensitive-after-long-absence")]
    [InlineData("first-week", 25.0)]
    [InlineData("data-centres", 6.0)]
    [InlineData("air-gapped", 35.0, "address-from-outside", "operator-outside-control-room")]
    public async Task A_template_says_something_of_attacks_and_blocks_nobody_honest(string template, double challenges, params string[] quiet)
    {
        var (rules, referee) = await _fleet.ReplayAsync(template);
        Assert.Equal(quiet.Order(), Fleet.RulesOf(template).Except(rules.Keys).Order());
        var honest = referee.GetProperty("honest");
        Assert.Equal(0, honest.GetProperty("subjects_blocked").GetInt32());
        var share = honest.GetProperty("challenge_rate").GetDouble() * 100;
        Assert.True(share <= challenges, string.Create(CultureInfo.InvariantCulture, $"{template} challenges {share:0.##} % of honest logins"));
        Assert.Contains(referee.GetProperty("attacks").EnumerateArray(), attack => attack.GetProperty("campaigns_stopped").GetInt32() > 0);
    }

    /// <summary>One week of 300 people, and lists as a deployment has them.</summary>
    public sealed partial class Fleet : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private string _serviceNetworks = "";

        public async Task InitializeAsync()
        {
            var simulated = await Program.RunAsync("simulate", "--users", "300", "--days", "7", "--seed", "401", "--out", _folder.File("events.jsonl"));
            Assert.True(simulated.Code == 0, simulated.Error);
            var lines = File.ReadLines(_folder.File("events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            WriteList("hosting", lines, "Cloud Hosting", _ => true);
            WriteList("vpn", lines, "Privacy VPN", organization => organization[0] is not 'A');
            WriteList("tor", lines, "Privacy VPN", organization => organization[0] is 'A');
            WriteList("attackers", [.. lines.Where(line => line.TryGetProperty("label", out _))], "Cloud Hosting", organization => organization[0] < 'M');
            _serviceNetworks = string.Join(", ", lines.Where(line => line.GetProperty("subject").TryGetProperty("service_account", out var service) && service.GetBoolean() && !line.TryGetProperty("label", out _))
                .Select(line => line.GetProperty("source_ip").GetString()).Distinct().Select(address => $"\"{address}\""));
        }

        public Task DisposeAsync()
        {
            _folder.Dispose();
            return Task.CompletedTask;
        }

        public static IEnumerable<string> RulesOf(string template) => RuleName().Matches(File.ReadAllText(PathOf(template))).Select(match => match.Groups["name"].Value);

        /// <summary>Replays the fleet under a template, with names and networks of that fleet in the place of its examples.</summary>
        /// <returns>How often each rule decided, and what the referee says.</returns>
        public async Task<(Dictionary<string, int> Rules, JsonElement Referee)> ReplayAsync(string template)
        {
            var text = (await File.ReadAllTextAsync(PathOf(template))).Replace("mode: monitor", "mode: enforce", StringComparison.Ordinal)
                .Replace("[203.0.113.0/26, \"2001:db8:7::/48\", 10.20.0.0/16]", $"[{_serviceNetworks}]", StringComparison.Ordinal)
                .Replace("[payroll, identity-admin]", "[payroll, vault]", StringComparison.Ordinal)
                .Replace("[10.10.0.0/16]", "[0.0.0.0/2, 2000::/3]", StringComparison.Ordinal);
            var configuration = _folder.Write($"{template}.config.yaml", $$"""
                policy:
                  file: {{_folder.Write($"{template}.yaml", text)}}
                feeds:
                  - { name: exits, path: vpn.txt, group: vpn }
                  - { name: onion, path: tor.txt, group: tor }
                  - { name: hosting, path: hosting.txt, group: datacentre }
                  - { name: attackers, path: attackers.txt, group: reputation, evidence: 1.5 }
                """);
            var assessments = _folder.File($"{template}.jsonl");
            var replay = await Program.RunAsync("replay", _folder.File("events.jsonl"), "--out", assessments, "--config", configuration, "--json");
            Assert.True(replay.Code == 0, replay.Error);
            var rules = File.ReadLines(assessments).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("rule").GetString()).OfType<string>().CountBy(rule => rule).ToDictionary();
            return (rules, JsonDocument.Parse(replay.Output).RootElement.GetProperty("referee"));
        }

        private static string PathOf(string template) => RepositoryRoot.Path("docs", "policies", $"{template}.yaml");

        private void WriteList(string name, JsonElement[] lines, string kind, Func<string, bool> isListed) =>
            _folder.Write($"{name}.txt", string.Join('\n', lines
                .Where(line => line.TryGetProperty("asn", out var asn) && asn.GetProperty("organization").GetString() is { } organization && organization.Contains(kind, StringComparison.Ordinal) && isListed(organization))
                .Select(line => line.GetProperty("source_ip").GetString()).Distinct()));

        [GeneratedRegex("^  - name: (?<name>[a-z0-9-]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
        private static partial Regex RuleName();
    }
}
