using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RiskEngine.Configuration;
using RiskEngine.Host.Doctor;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Doctor;

/// <summary>A file for whoever helps names nobody.</summary>
public sealed partial class SupportBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_holds_numbers_and_choices_and_nothing_that_somebody_wrote()
    {
        var configuration = _folder.Write("riskengine.yaml", """
            http: { url: 'http://127.0.0.1:9', public_url: 'https://secret-login.example.org' }
            store: { path: 'secret-folder.db', retention_days: 77 }
            policy: { mode: enforce }
            detection: { honey_account: { subjects: [secret-decoy] } }
            loki: { url: 'https://logs.example.org/secret-path', tenant: secret-tenant, labels: { team: secret-team } }
            webhooks: [{ name: secret-hook, url: 'https://hooks.example.org/secret-path', secret_file: secret-file, most_per_hour: 33 }]
            """);
        var (settings, faults) = Settings.Load(configuration, new Dictionary<string, string>());
        Assert.Empty(faults);
        List<Finding> findings = [new(false, "store", "Host=db;Password=secret-password refused"), new(true, "policy", "in order")];
        var path = _folder.File("bundle.json");
        await SupportBundle.WriteAsync(path, settings, findings, "riskengine_up 1\n", TimeProvider.System, CancellationToken.None);

        var text = await File.ReadAllTextAsync(path);
        Assert.DoesNotContain("secret-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", text, StringComparison.Ordinal);
        var told = JsonSerializer.Deserialize<JsonElement>(text);
        var described = told.GetProperty("settings");
        Assert.Equal(77, described.GetProperty("store").GetProperty("retention_days").GetInt32());
        Assert.Equal("Enforce", described.GetProperty("policy").GetProperty("mode").GetString());
        Assert.Equal(33, described.GetProperty("webhooks")[0].GetProperty("most_per_hour").GetInt32());
        Assert.Equal("riskengine_up 1", told.GetProperty("metrics")[0].GetString());
        Assert.Equal("in order", told.GetProperty("findings")[1].GetProperty("detail").GetString());
    }

    [Fact]
    public void Each_text_of_it_is_a_choice_or_a_duration_or_says_only_that_it_is_set() =>
        Assert.All(Texts(SupportBundle.Describe(new RiskEngineSettings())), text => Assert.Matches(Harmless(), text));

    [Fact]
    public async Task It_is_written_by_the_command_also_where_the_configuration_is_wrong()
    {
        var (wrong, bundle) = (_folder.Write("riskengine.yaml", "store: { paht: x }\n"), _folder.File("bundle.json"));
        var run = await Cli.Program.RunAsync("doctor", "--config", wrong, "--bundle", bundle);
        Assert.Equal(2, run.Code);
        Assert.Contains("paht", JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(bundle)).GetProperty("findings")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);

        var unwritable = await Cli.Program.RunAsync("doctor", "--config", wrong, "--bundle", _folder.File("no-folder/bundle.json"));
        Assert.Equal(1, unwritable.Code);
        Assert.Contains("bundle.json: cannot be written", unwritable.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };

    [GeneratedRegex(@"^(\[set\]|\[\d+ set\]|[A-Za-z][A-Za-z0-9]*(, [A-Za-z]+)*|[\d.:]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Harmless();
}
