using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The running server with its standard output on a pipe whose reader has stopped, as a hung log shipper leaves it.</summary>
public sealed class UnreadOutputTests
{
    private const int PipeRoom = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [LinuxFact]
    public async Task It_answers_and_stores_and_stops_although_nobody_reads_its_log()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", "http: { url: \"http://127.0.0.1:0\" }\npolicy: { mode: enforce }\nlog: { queue_capacity: 16 }\n");
        var start = Cli.Program.Command("serve");
        start.WorkingDirectory = folder.FullName;
        using var process = Process.Start(start)!;
        try
        {
            using var client = await ConnectAsync(process, folder);
            var spray = 0;
            while (await DroppedAsync(client) == 0)
            {
                // Each one is a line about a decision. The pipe takes 64 KiB of them, and nothing may wait for the rest.
                Assert.True(spray < 40, "a pipe of 64 KiB and 16 lines hold no more");
                using var posted = await client.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray($"203.0.113.{++spray}", 60), "application/x-ndjson"));
                Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
            }

            using var asked = await client.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login("question", "login_attempt", "203.0.113.1")));
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
            using (var kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"])) await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Reads its log until it says where it listens, and never again.</summary>
    private static async Task<HttpClient> ConnectAsync(Process process, TemporaryFolder folder)
    {
        var read = 0;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            Assert.True((read += line.Length) < PipeRoom);
            if (!line.Contains("Listening on ", StringComparison.Ordinal)) continue;
            using var entry = JsonDocument.Parse(line);
            var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(entry.RootElement.GetProperty("url").GetString()!), Timeout = Patience };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(folder.File("admin.key")).Trim());
            return client;
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    private static async Task<long> DroppedAsync(HttpClient client)
    {
        var metrics = await client.GetStringAsync("/metrics");
        var line = metrics.Split('\n').Single(line => line.StartsWith("riskengine_log_entries_dropped_total{sink=\"stdout\"}", StringComparison.Ordinal));
        return long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
