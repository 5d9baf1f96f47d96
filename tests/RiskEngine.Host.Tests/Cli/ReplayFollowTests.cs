using System.Text.Json;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>A replay whose input is not at its end: what was judged is handed over at once, and a signal ends it in order.</summary>
public sealed class ReplayFollowTests
{
    [LinuxTheory, InlineData("TERM"), InlineData("INT")]
    public async Task What_is_appended_to_a_followed_file_is_written_at_once_and_a_signal_ends_it_in_order(string signal)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("logins.jsonl", Logins(0, 2));
        await using var replay = new RunningReplay(file, "--follow", "--out", "-");
        Assert.Equal(["e0", "e1"], Ids(await replay.NextAsync(2)));
        await System.IO.File.AppendAllTextAsync(file, Logins(2, 2));
        Assert.Equal(["e2", "e3"], Ids(await replay.NextAsync(2)));

        var end = await replay.SignalAsync(signal);
        Assert.Equal((0, ""), (end.Code, end.Output));
        Assert.Contains("4 events, 4 judged", end.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Many_lines_at_first_do_not_hold_back_the_few_after_them()
    {
        const int Many = 5000;
        using var folder = new TemporaryFolder();
        var file = folder.Write("logins.jsonl", Logins(0, Many));
        await using var replay = new RunningReplay(file, "--follow", "--out", "-");
        Assert.Equal(Many, (await replay.NextAsync(Many)).Length);
        await System.IO.File.AppendAllTextAsync(file, Logins(Many, 2));
        Assert.Equal([$"e{Many}", $"e{Many + 1}"], Ids(await replay.NextAsync(2)));
    }

    [LinuxFact]
    public async Task With_a_store_nothing_that_it_holds_is_missing_from_the_output()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("logins.jsonl", Logins(0, 3));
        var output = folder.File("out.jsonl");
        string[] arguments = [file, "--follow", "--out", output, "--state", folder.File("state.db")];
        await using (var replay = new RunningReplay(arguments))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!System.IO.File.Exists(output) || new FileInfo(output).Length == 0) await Task.Delay(20, patience.Token);
            Assert.Equal(0, (await replay.SignalAsync("TERM")).Code);
        }

        Assert.Equal(["e0", "e1", "e2"], Ids(await System.IO.File.ReadAllLinesAsync(output)));
        var again = await Program.RunAsync("replay", file, "--out", "-", "--state", folder.File("state.db"));
        Assert.Empty(again.Lines);
        Assert.Contains("3 duplicates", again.Error, StringComparison.Ordinal);
    }

    [LinuxTheory, InlineData("auto"), InlineData("riskengine")]
    public async Task A_line_of_standard_input_is_answered_before_the_next_is_written(string format)
    {
        await using var replay = new RunningReplay("-", "--format", format, "--out", "-");
        for (var i = 0; i < 3; i++)
        {
            await replay.Input.WriteAsync(Logins(i, 1));
            await replay.Input.FlushAsync();
            Assert.Equal([$"e{i}"], Ids(await replay.NextAsync(1)));
        }

        var end = await replay.SignalAsync("TERM");
        Assert.Equal((0, ""), (end.Code, end.Output));
        Assert.Contains("3 events, 3 judged", end.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task A_signal_while_nothing_came_yet_ends_it_too()
    {
        await using var replay = new RunningReplay("-", "--format", "riskengine", "--out", "-", "--json");
        await replay.Input.WriteAsync(Logins(0, 1));
        await replay.Input.FlushAsync();
        await replay.NextAsync(1);
        var end = await replay.SignalAsync("INT");
        Assert.Equal(0, end.Code);
        Assert.Equal(1, JsonDocument.Parse(end.Error).RootElement.GetProperty("judged").GetInt64());
    }

    private static string Logins(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i =>
        $$"""{"id":"e{{i}}","occurred_at":"2026-11-21T20:{{i / 60 % 60:00}}:{{i % 60:00}}Z","kind":"login","subject":{"id":"{{i % 50}}"},"source_ip":"203.0.113.{{i % 200 + 1}}"}""" + "\n"));

    private static IEnumerable<string?> Ids(IEnumerable<string> lines) => lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event_id").GetString());
}
