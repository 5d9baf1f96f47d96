using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>What <c>check-config</c>, <c>doctor</c> and <c>serve</c> say of files of facts: refused is not the same as not configured.</summary>
public sealed class FactFileCommandTests : IDisposable
{
    private const string NotConfigured = "data is configured";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_config_warns_of_what_serve_would_start_without()
    {
        _folder.Write("empty.txt", "");
        _folder.Write("broken.mmdb", "not a database");
        _folder.Write("wide.txt", "8.8.8.8\n0.0.0.0/0\n10.0.0.0/8\n");
        var config = Configure($"geo: {{ city: ['{_folder.File("broken.mmdb")}'], asn: ['{_folder.File("no.csv")}'] }}\nfeeds: [{Feed("empty")}, {Feed("wide")}]");

        var run = await Program.RunAsync("check-config", "--config", config);
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("in order", run.Output, StringComparison.Ordinal);
        Assert.Contains("can be served, with 4 warnings", run.Output, StringComparison.Ordinal);
        string[] words = ["broken.mmdb: Refused, nothing serves", "no.csv: Missing, nothing serves", "empty.txt: Refused, nothing serves; the file is empty", "wide.txt: Loaded, 1 entries serve; 2 lines left out"];
        Assert.All(words, word => Assert.Contains(word, run.Error, StringComparison.Ordinal));

        var json = await Program.RunAsync("check-config", "--json", "--config", config);
        using var answer = JsonDocument.Parse(json.Output);
        Assert.Equal((true, 4), (answer.RootElement.GetProperty("ok").GetBoolean(), answer.RootElement.GetProperty("warnings").GetArrayLength()));
    }

    [Fact]
    public async Task Check_config_is_content_with_files_that_are_whole_and_with_none()
    {
        _folder.Write("good.txt", "8.8.8.8\n");
        foreach (var content in (string[])[$"feeds: [{Feed("good")}]", "log: { level: information }"])
        {
            var run = await Program.RunAsync("check-config", "--config", Configure(content));
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Contains("in order", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Check_config_still_refuses_what_serve_does_not_start_with()
    {
        _folder.Write("empty.txt", "");
        var run = await Program.RunAsync("check-config", "--config", Configure($"feeds: [{Feed("empty")}]\npolicy: {{ mode: enfroce }}"));
        Assert.Equal(2, run.Code);
        Assert.Contains("policy.mode", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_tells_a_refused_file_apart_from_one_that_nobody_named()
    {
        _folder.Write("empty.txt", "");
        var run = await Program.RunAsync("doctor", "--config", Configure($"http: {{ url: 'http://127.0.0.1:9' }}\nstore: {{ path: '{_folder.File("no.db")}' }}\nfeeds: [{Feed("empty")}]"));
        var about = run.Lines.Where(line => line.Contains("facts:", StringComparison.Ordinal)).ToList();

        Assert.Contains(about, line => line.StartsWith("look", StringComparison.Ordinal) && line.Contains("empty.txt: Refused", StringComparison.Ordinal));
        Assert.Equal(["city", "asn"], about.Where(line => line.Contains(NotConfigured, StringComparison.Ordinal)).Select(line => line.Split(' ').SkipWhile(word => word != "no").ElementAt(1)));
    }

    [LinuxFact]
    public async Task A_feed_that_is_refused_at_the_start_counts_no_entries_and_is_not_called_unconfigured()
    {
        _folder.Write("empty.txt", "");
        _folder.Write("good.txt", "8.8.8.8\n");
        _folder.Write("riskengine.yaml", $"feeds: [{Feed("empty")}, {Feed("good")}]");
        await using var server = await ServedProgram.StartAsync(_folder.FullName);
        using var client = server.Client();
        var metrics = await client.GetStringAsync("/metrics");

        Assert.Contains("riskengine_feed_entries{feed=\"empty\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("riskengine_feed_entries{feed=\"good\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("riskengine_feed_age_seconds{feed=\"empty\"}", metrics, StringComparison.Ordinal);
        await server.SeeAsync("empty.txt: Refused, nothing serves");
        await server.SeeAsync("No facts of kind asn are configured");
        Assert.DoesNotContain("No facts of kind feeds", server.Log(), StringComparison.Ordinal);
    }

    private string Configure(string content) => _folder.Write("riskengine.yaml", content);

    private string Feed(string name) => $"{{ name: {name}, path: '{_folder.File(name + ".txt")}', group: list }}";
}
