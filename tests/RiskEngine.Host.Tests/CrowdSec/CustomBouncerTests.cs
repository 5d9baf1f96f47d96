using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>Debian's crowdsec-custom-bouncer against the built program: what its hook is called with is what is refused.</summary>
public sealed class CustomBouncerTests
{
    private const string Bouncer = "crowdsec-custom-bouncer";

    private readonly int _port = BouncerProgram.FreePort();

    [LinuxFact(Bouncer)]
    public async Task Its_hook_follows_blocks_and_releases_through_restarts_of_either_side()
    {
        using var folder = new TemporaryFolder();
        var hook = Hook(folder);
        long inForce;
        await using (var server = await ServeAsync(folder))
        {
            using var admin = server.Client();
            var early = await BlockAsync(admin, "203.0.113.1");
            await using (var bouncer = BouncerProgram.Start(Bouncer, folder.FullName, Url, Key(admin), hook))
            {
                await bouncer.UntilAsync(Refused(folder, "203.0.113.1"), "the block that stood before is applied");
                inForce = await BlockAsync(admin, "2001:db8::7");
                await bouncer.UntilAsync(Refused(folder, "203.0.113.1", "2001:db8::7"), "a block is applied");
                Assert.Contains("add 2001:db8::7 143", await File.ReadAllTextAsync(folder.File("hook.log")));
                await ReleaseAsync(admin, early);
                await bouncer.UntilAsync(Refused(folder, "2001:db8::7"), "a release is lifted");
                await BlockAsync(admin, "203.0.113.3");
                await bouncer.UntilAsync(Refused(folder, "2001:db8::7", "203.0.113.3"), "another block is applied");
            }

            // Nobody asks now.
            await ReleaseAsync(admin, inForce);
            await BlockAsync(admin, "203.0.113.4");
            await using (var restarted = BouncerProgram.Start(Bouncer, folder.FullName, Url, Key(admin), hook))
            {
                await restarted.UntilAsync(Refused(folder, "203.0.113.3", "203.0.113.4"), "the restarted bouncer has learnt of a release and a block");
                var last = await BlockAsync(admin, "203.0.113.5");
                await restarted.UntilAsync(Refused(folder, "203.0.113.3", "203.0.113.4", "203.0.113.5"), "and goes on");

                // Released, and the server killed before the bouncer can have asked more than once.
                await ReleaseAsync(admin, last);
                await server.KillAsync();
                await using var again = await ServeAsync(folder);
                await restarted.UntilAsync(Refused(folder, "203.0.113.3", "203.0.113.4"), "a release that the restart fell upon is lifted");
                using var adminAgain = again.Client();
                await BlockAsync(adminAgain, "203.0.113.6");
                await restarted.UntilAsync(Refused(folder, "203.0.113.3", "203.0.113.4", "203.0.113.6"), "the restarted server is heard");
            }
        }
    }

    /// <summary>A bouncer whose first call fails never asks again, so there is no half-started server: refused connections, then whole answers.</summary>
    [LinuxFact]
    public async Task While_it_starts_nothing_listens_and_the_first_answer_is_whole()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var server = await ServeAsync(folder))
        {
            using var admin = server.Client();
            key = Key(admin);
            for (var i = 0; i < 200; i++) await BlockAsync(admin, $"198.51.100.{i}");
            await server.StopAsync();
        }

        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var asking = AskUntilAnsweredAsync(key, stop.Token);
        await using var again = await ServeAsync(folder);
        var (refused, status, count) = await asking;
        Assert.True(refused > 0, "Nobody asked while it started.");
        Assert.Equal((HttpStatusCode.OK, 200), (status, count));
    }

    private Uri Url => new($"http://127.0.0.1:{_port}/");

    private async Task<(int Refused, HttpStatusCode Status, int Count)> AskUntilAnsweredAsync(string key, CancellationToken cancellation)
    {
        using var bouncer = Tests.CrowdSec.Bouncer.Of(Url, key);
        for (var refused = 0; ; refused++)
        {
            try
            {
                using var response = await bouncer.Client.GetAsync(Tests.CrowdSec.Bouncer.Stream + "?startup=true", cancellation);
                var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
                return (refused, response.StatusCode, answer.GetProperty("new").GetArrayLength());
            }
            catch (HttpRequestException closed) when (closed.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
            }
        }
    }

    private Task<ServedProgram> ServeAsync(TemporaryFolder folder)
    {
        var command = Cli.Program.Command("serve");
        command.Environment["RISKENGINE__HTTP__URL"] = Url.GetLeftPart(UriPartial.Authority);
        return ServedProgram.StartAsync(folder.FullName, command);
    }

    private static string Key(HttpClient admin) => admin.DefaultRequestHeaders.Authorization!.Parameter!;

    private static string Hook(TemporaryFolder folder)
    {
        var hook = folder.Write("hook.sh", $"#!/bin/sh\necho \"$1 $2 $3 $4\" >> {folder.File("hook.log")}\n");
        using var chmod = Process.Start("chmod", ["+x", hook]);
        chmod.WaitForExit();
        return hook;
    }

    /// <summary>Whether exactly these addresses are refused, by what the hook was called with: add refuses, del lifts, in that order.</summary>
    private static Func<Task<bool>> Refused(TemporaryFolder folder, params string[] expected) => async () =>
    {
        if (!File.Exists(folder.File("hook.log"))) return false;
        var refused = new HashSet<string>();
        foreach (var call in await File.ReadAllLinesAsync(folder.File("hook.log")))
        {
            var words = call.Split(' ');
            if (words[0] == "add") refused.Add(words[1]);
            else refused.Remove(words[1]);
        }

        return refused.SetEquals(expected);
    };

    private static async Task<long> BlockAsync(HttpClient admin, string value)
    {
        using var response = await admin.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value, duration = "4h", reason = "test" });
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private static async Task ReleaseAsync(HttpClient admin, long id)
    {
        using var response = await admin.DeleteAsync($"/api/v1/blocks/{id}");
        response.EnsureSuccessStatusCode();
    }
}
