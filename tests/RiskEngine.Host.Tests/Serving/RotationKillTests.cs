using System.Diagnostics;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.Sqlite;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary><c>keys rotate-hashes</c>, killed without warning: the store has the old secret or the new one, and knows everybody by it.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 60 kills and 20,000 events in place of 10 and 2,000.</remarks>
public sealed class RotationKillTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private readonly int _kills = IsLong ? 60 : 10;
    private readonly int _events = IsLong ? 20_000 : 2_000;
    private readonly Random _random = new(20261122);

    [LinuxFact]
    public async Task A_killed_rotation_leaves_the_old_secret_or_the_new_one_and_loses_nobody()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("riskengine.db");
        await FillAsync(folder, path);
        var usual = await RotateAsync(path, kill: null);
        var turned = await CheckAsync(path);
        Assert.Equal(1, turned);
        for (var kill = 0; kill < _kills; kill++)
        {
            await RotateAsync(path, usual * (0.1 + _random.NextDouble()));
            var now = await CheckAsync(path);
            Assert.InRange(now, turned, turned + 1);
            turned = now;
        }

        output.WriteLine($"{_kills} kills within {usual.TotalMilliseconds:0} ms: {turned - 1} after the secret was turned.");
        await RotateAsync(path, kill: null);
        Assert.Equal(turned + 1, await CheckAsync(path));
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        Assert.Contains("\"block\"", await JudgeAsync(client, "outsider"));
        Assert.DoesNotContain("\"block\"", await JudgeAsync(client, "u8"));
    }

    private static async Task<string> JudgeAsync(HttpClient client, string subject)
    {
        using var answer = await client.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null, subject: subject).Without("kind", "id")));
        return (await Json.ReadAsync(answer)).GetProperty("decision").GetRawText();
    }

    /// <summary>Runs the command, and kills it after a time.</summary>
    /// <returns>How long it took.</returns>
    private static async Task<TimeSpan> RotateAsync(string path, TimeSpan? kill)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(Cli.Program.Command("keys", "rotate-hashes", "--state", path, "--yes"))!;
        var (told, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (kill is { } after)
        {
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(after));
            process.Kill();
        }

        await process.WaitForExitAsync();
        await told;
        if (kill is null) Assert.True(process.ExitCode == 0, await error);
        return clock.Elapsed;
    }

    /// <summary>Opens the store and asserts that everybody is found in it by its secret, and that who was erased is not.</summary>
    /// <returns>How often the secret was turned, as the audit has it.</returns>
    private async Task<int> CheckAsync(string path)
    {
        await StoredLogins.AssertOnceAsync(path, [.. Enumerable.Range(0, _events)]);
        Assert.Equal([path, path + ".lock"], Directory.GetFiles(Path.GetDirectoryName(path)!, "riskengine.db*").Order());
        Assert.Equal(-1, (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf("leaver-marker"u8));
        var turned = 0;
        using var audit = StoredAudit.Open(path);
        var verdict = audit.Read(null, record => turned += record.Entry.What == "hash_secret.rotate" ? 1 : 0, CancellationToken.None);
        Assert.True(verdict.IsWhole, verdict.Fault);
        return turned;
    }

    /// <summary>People, a block, and somebody who left ten days ago and was erased.</summary>
    private async Task FillAsync(TemporaryFolder folder, string path)
    {
        var leaver = SomeEvent.Login("leaver-1", subject: "leaver-marker");
        leaver["occurred_at"] = DateTimeOffset.UtcNow.AddDays(-10).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        foreach (var (where, what) in new (string, object)[] { ("events", leaver), ("blocks", new { scope = "subject", value = "outsider", duration = "4h", reason = "left" }) })
        {
            using var sent = await client.PostAsync($"/api/v1/{where}", Json.Body(what));
            Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        }

        using (var erased = await client.DeleteAsync("/api/v1/subjects/leaver-marker")) Assert.Equal(1, (await Json.ReadAsync(erased)).GetProperty("removed").GetProperty("events").GetInt32());
        var posters = new Posters(server, Submission.Cut(_events, _random).ToArray());
        await posters.RunAsync();
        Assert.Empty(posters.Refusals);
        Assert.Equal(0, await server.StopAsync());
        Assert.True(File.Exists(path));
    }
}
