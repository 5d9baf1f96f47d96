using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class BacktestCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.FullName, "store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_simulated_day_is_asked_again_by_another_policy()
    {
        _folder.Write("policy.yaml", "rules:\n  - { name: everybody, when: event.kind == \"login\", then: challenge }\n  - { name: finance, when: '\"finance\" in subject.groups', then: notify }\n");
        await ReplayAsync();
        var finished = await Program.RunAsync("policy", "backtest", "--state", Store, "--policy", Path.Combine(_folder.FullName, "policy.yaml"), "--json");
        Assert.True(finished.Code == 0, finished.Error);
        using var read = JsonDocument.Parse(finished.Output);
        var told = read.RootElement;
        var judged = told.GetProperty("assessments").GetInt64();
        var standing = told.GetProperty("standing_blocks").GetProperty("assessments").GetInt64();
        var inMatrix = told.GetProperty("decisions").EnumerateObject().SelectMany(row => row.Value.EnumerateObject()).Sum(cell => cell.Value.GetInt64());
        Assert.True(judged > 100, $"{judged} judged");
        Assert.Equal(judged, standing + inMatrix);
        Assert.True(told.GetProperty("rules")[0].GetProperty("hits").GetInt64() > 50);
        Assert.Empty(told.GetProperty("rules")[1].GetProperty("missing").EnumerateArray());
        Assert.True(told.GetProperty("honest_successes").GetProperty("hit").GetInt64() > 50);
        Assert.NotEmpty(told.GetProperty("honest_successes").GetProperty("examples").EnumerateArray());
    }

    [Fact]
    public async Task The_policy_that_judged_changes_nothing_and_the_table_says_so()
    {
        await ReplayAsync();
        var finished = await Program.RunAsync("policy", "backtest", "--state", Store, "--since", "30d");
        Assert.Equal(0, finished.Code);
        Assert.Contains(": 0 decided otherwise, 0 undecidable.", finished.Output);
        Assert.Contains("block-attacking-address", finished.Output);
    }

    [Fact]
    public async Task A_policy_that_asks_the_same_in_other_words_is_told_to_change_nothing_whatever_it_asks()
    {
        await ReplayAsync("--config", _folder.Write("config.yaml", $"policy:\n  file: {_folder.Write("judged.yaml", EveryField("judged"))}\n"));
        var asked = _folder.Write("asked.yaml", EveryField("asked"));
        var finished = await Program.RunAsync("policy", "backtest", "--state", Store, "--policy", asked, "--json");
        Assert.True(finished.Code == 0, finished.Error);
        using var read = JsonDocument.Parse(finished.Output);
        var told = read.RootElement;
        Assert.True(told.GetProperty("assessments").GetInt64() > 100);
        Assert.Equal((0, 0), (told.GetProperty("changed").GetInt64(), told.GetProperty("undecidable").GetInt64()));
        Assert.All(told.GetProperty("rules").EnumerateArray(), rule => Assert.True(rule.GetProperty("hits").GetInt64() > 0, $"{rule.GetProperty("name")} decides nothing, so it shows nothing"));
    }

    /// <summary>Rules over what no signal shows, each deciding something of a simulated fleet.</summary>
    private static string EveryField(string prefix)
    {
        string[] conditions =
        [
            "subject.service_account && subject.logins < 5", "subject.unknown", "reputation.address > 0.5", "reputation.network < -0.5", "reputation.asn < -2.5",
            "has(device.known) && !device.known", "subject.logins > 3", "reputation.pair > 0.3",
        ];
        return "rules:\n" + string.Concat(conditions.Select((condition, i) => $"  - {{ name: {prefix}-{i}, when: '{condition}', then: {(i % 3 == 0 ? "notify" : "challenge")} }}\n"));
    }

    [Theory]
    [InlineData("--since", "soon")]
    [InlineData("--since", "0s")]
    [InlineData("--policy", "missing.yaml")]
    public async Task Wrong_usage_ends_with_2(string option, string value)
    {
        var finished = await Program.RunAsync("policy", "backtest", "--state", Store, option, value);
        Assert.True(finished.Code == 2, finished.Error);
        Assert.NotEmpty(finished.Error);
    }

    [Fact]
    public async Task A_store_that_is_not_there_ends_with_1_and_is_not_made()
    {
        var finished = await Program.RunAsync("policy", "backtest", "--state", Store);
        Assert.Equal(1, finished.Code);
        Assert.Contains("Name the file of a store", finished.Error);
        Assert.False(File.Exists(Store));
    }

    private async Task ReplayAsync(params string[] options)
    {
        var events = Path.Combine(_folder.FullName, "events.jsonl");
        Assert.Equal(0, (await Program.RunAsync("simulate", "--users", "40", "--days", "3", "--seed", "5", "--out", events)).Code);
        var replay = await Program.RunAsync(["replay", events, "--state", Store, .. options]);
        Assert.True(replay.Code == 0, replay.Error);
    }
}
