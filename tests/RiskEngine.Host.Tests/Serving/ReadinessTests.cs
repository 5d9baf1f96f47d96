using System.Diagnostics;
using System.Net;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>What a load balancer sees of a server whose disk takes no write: a limit of the kernel on the size of files stands in for a full disk.</summary>
public sealed class ReadinessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [LinuxFact("sh", "prlimit")]
    public async Task A_server_that_cannot_write_is_not_ready_and_says_why_and_is_ready_again_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName, IgnoringTheSignal());
        using var client = server.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(client, "before"));

        await LimitFilesAsync(server, "1:unlimited");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(client, "during"));
        using (var unready = await client.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
            var detail = (await Json.ReadAsync(unready)).GetProperty("detail").GetString();
            Assert.Contains("disk", detail, StringComparison.Ordinal);
            Assert.Contains("store.path", detail, StringComparison.Ordinal);
            Assert.DoesNotContain(folder.FullName, detail, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        await LimitFilesAsync(server, "unlimited:unlimited");
        var started = Stopwatch.GetTimestamp();
        while ((await client.GetAsync("/health/ready")).StatusCode != HttpStatusCode.OK) Assert.True(Stopwatch.GetElapsedTime(started) < Patience, server.Log());
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(client, "during"));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string id)
    {
        using var response = await client.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login(id)));
        return response.StatusCode;
    }

    /// <summary>Writes beyond the limit would end the process by a signal; ignored, they fail as on a full disk.</summary>
    private static ProcessStartInfo IgnoringTheSignal()
    {
        var serve = Cli.Program.Command("serve");
        List<string> command = [.. serve.ArgumentList];
        serve.FileName = "sh";
        serve.ArgumentList.Clear();
        foreach (var part in (string[])["-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", .. command]) serve.ArgumentList.Add(part);
        return serve;
    }

    private static async Task LimitFilesAsync(ServedProgram server, string limits)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{server.Id}", $"--fsize={limits}"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
