using System.Diagnostics;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary><c>keys rotate-hashes</c> on a store of a folder's program, which knows many people and blocks one whom it never saw.</summary>
internal static class HashRotation
{
    /// <summary>Has the program serve, sends what the test adds, the block and then the events, and stops it.</summary>
    public static async Task FillAsync(TemporaryFolder folder, int events, Random random, Func<HttpClient, Task>? first = null)
    {
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        if (first is not null) await first(client);
        using var sent = await client.PostAsync("/api/v1/blocks", Json.Body(new { scope = "subject", value = "outsider", duration = "4h", reason = "left" }));
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        var posters = new Posters(server, Submission.Cut(events, random).ToArray());
        await posters.RunAsync();
        Assert.Empty(posters.Refusals);
        Assert.Equal(0, await server.StopAsync());
    }

    /// <summary>Turns the secret, and kills the command after a time.</summary>
    /// <param name="store">The option that names the store, and its value.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> RunAsync(TimeSpan? kill, params string[] store)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(Cli.Program.Command(["keys", "rotate-hashes", .. store, "--yes"]))!;
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

    /// <summary>Asserts that the block still holds, and holds nobody else.</summary>
    public static async Task AssertBlocksAsync(TemporaryFolder folder)
    {
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
}
