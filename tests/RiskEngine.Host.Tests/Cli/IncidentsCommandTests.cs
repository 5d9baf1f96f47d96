using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class IncidentsCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("store.db");

    public async Task InitializeAsync()
    {
        var events = _folder.File("events.jsonl");
        Assert.Equal(0, (await Program.RunAsync("simulate", "--users", "60", "--days", "3", "--seed", "5", "--out", events)).Code);
        var replay = await Program.RunAsync("replay", events, "--state", Store, "--incidents");
        Assert.True(replay.Code == 0, replay.Error);
        Replayed = replay.Output;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private string Replayed { get; set; } = "";

    [Fact]
    public async Task What_a_store_holds_is_listed_shown_and_exported_and_is_what_the_replay_found()
    {
        var list = await RunAsync("list", "--json");
        using var heads = JsonDocument.Parse(list.Output);
        string[] ids = [.. heads.RootElement.EnumerateArray().Select(head => head.GetProperty("id").GetString()!)];
        Assert.True(ids.Length > 5, list.Output);
        Assert.All(ids, id => Assert.Contains(id, Replayed));
        Assert.All(ids, id => Assert.Contains(id, list.Output));

        var shown = await RunAsync("show", ids[0]);
        Assert.StartsWith("# ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("## What to do", shown.Output);
        Assert.Equal(shown.Output, (await RunAsync("export", ids[0])).Output);

        var exported = await RunAsync("export", "--format", "json");
        Assert.Equal(ids, exported.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Names_stand_there_only_when_asked_for()
    {
        var hidden = await RunAsync("export", "--format", "json");
        var named = await RunAsync("export", "--format", "json", "--names");
        var hit = named.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("subjects_hit").GetProperty("items")).First(items => items.GetArrayLength() > 0)[0].GetProperty("subject").GetString();
        Assert.Contains($"\"subject\":\"{hit}\"", named.Output);
        Assert.DoesNotContain($"\"subject\":\"{hit}\"", hidden.Output);
    }

    [Fact]
    public async Task An_export_goes_to_a_file_and_a_missing_incident_ends_with_1()
    {
        var file = _folder.File("incidents.md");
        Assert.Equal(0, (await RunAsync("export", "--out", file)).Code);
        Assert.Contains("\n---\n", await File.ReadAllTextAsync(file));
        var missing = await RunAsync("show", "inc-000000000000");
        Assert.Equal((1, true), (missing.Code, missing.Error.Contains("no incident with that id", StringComparison.Ordinal)));
    }

    [Theory, InlineData("list", "--since", "soon"), InlineData("export", "--format", "pdf")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).Code);

    private Task<Finished> RunAsync(params string[] arguments) => Program.RunAsync(["incidents", .. arguments, "--state", Store]);
}
