using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>
/// Debian's crowdsec-firewall-bouncer with nftables in a network of its own, joined to ours by a pair of virtual cables: what it drops is dropped.
/// </summary>
public sealed class FirewallBouncerTests
{
    private const string Bouncer = "crowdsec-firewall-bouncer";

    private readonly string _network = "re" + Guid.NewGuid().ToString("N")[..8];

    [LinuxFact(Bouncer, "nft", "ip", "socat", "unshare")]
    public async Task Packets_from_a_blocked_address_are_dropped_and_pass_again_after_the_release()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        try
        {
            // Two networks: the firewall's, where a listener waits at 192.0.2.1, and the visitors', with two addresses.
            Run("ip", "netns", "add", _network);
            Run("ip", "netns", "add", _network + "v");
            Run("ip", "-n", _network, "link", "set", "lo", "up");
            Run("ip", "-n", _network, "link", "add", "door", "type", "veth", "peer", "name", "street", "netns", _network + "v");
            Run("ip", "-n", _network, "addr", "add", "192.0.2.1/24", "dev", "door");
            Run("ip", "-n", _network, "link", "set", "door", "up");
            foreach (var visitor in new[] { "192.0.2.7", "192.0.2.8" }) Run("ip", "-n", _network + "v", "addr", "add", visitor + "/24", "dev", "street");
            Run("ip", "-n", _network + "v", "link", "set", "street", "up");
            await TryAsync(folder, server);
        }
        finally
        {
            Run("ip", "netns", "del", _network);
            Run("ip", "netns", "del", _network + "v");
        }
    }

    private async Task TryAsync(TemporaryFolder folder, RunningServer server)
    {
        // The firewall's network has no way to our loopback: a socket in the file system leads there.
        var socket = folder.File("lapi");
        using var relay = Start("socat", $"UNIX-LISTEN:{socket},fork", $"TCP:{new Uri(server.App.Urls.First()).Authority}");
        using var inside = Start("ip", "netns", "exec", _network, "socat", "TCP-LISTEN:8080,bind=127.0.0.1,fork,reuseaddr", $"UNIX-CONNECT:{socket}");
        using var listener = Start("ip", "netns", "exec", _network, "socat", "TCP-LISTEN:7000,bind=192.0.2.1,fork,reuseaddr", "SYSTEM:echo welcome");
        try
        {
            // A bouncer whose first call is refused ends at once.
            while (!await AnswersAsync("TCP:127.0.0.1:8080") || !await AnswersAsync("TCP:192.0.2.1:7000")) await Task.Delay(TimeSpan.FromMilliseconds(50));
            await using var bouncer = BouncerProgram.Start(Bouncer, folder.FullName, new Uri("http://127.0.0.1:8080"), server.AdminKey, "", "ip", "netns", "exec", _network);
            await bouncer.UntilAsync(() => PassesAsync("192.0.2.7"), "the door is open");
            Assert.True(await PassesAsync("192.0.2.8"));

            var block = await PostAsync(server, new { scope = "ip", value = "192.0.2.7", duration = "20s", reason = "test" });
            await bouncer.UntilAsync(async () => !await PassesAsync("192.0.2.7"), "packets are dropped");
            Assert.True(await PassesAsync("192.0.2.8"));

            // nftables keeps the first end, twenty seconds; the block outlives it, and so does the drop.
            var longer = await PostAsync(server, new { scope = "ip", value = "192.0.2.7", duration = "1h", reason = "test" });
            Assert.NotEqual(block, longer);
            await bouncer.UntilAsync(() => TimeoutIsAsync(seconds => seconds > 600), "the longer end is in force");
            Assert.False(await PassesAsync("192.0.2.7"));

            using var released = await server.Admin.DeleteAsync($"/api/v1/blocks/{longer}");
            released.EnsureSuccessStatusCode();
            await bouncer.UntilAsync(() => PassesAsync("192.0.2.7"), "packets pass again");
        }
        finally
        {
            foreach (var process in new[] { relay, inside, listener })
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }

    private async Task<bool> AnswersAsync(string address)
    {
        using var probe = Start("ip", "netns", "exec", _network, "socat", "-u", "OPEN:/dev/null", address);
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    /// <summary>Whether a visitor gets through the door.</summary>
    private async Task<bool> PassesAsync(string from)
    {
        using var visit = Start("ip", "netns", "exec", _network + "v", "socat", "-T1", "-", $"TCP:192.0.2.1:7000,bind={from},connect-timeout=0.5");
        var heard = await visit.StandardOutput.ReadToEndAsync();
        await visit.WaitForExitAsync();
        return heard.StartsWith("welcome", StringComparison.Ordinal);
    }

    private async Task<bool> TimeoutIsAsync(Predicate<double> isSo)
    {
        using var nft = Start("ip", "netns", "exec", _network, "nft", "-j", "list", "set", "ip", "crowdsec", "crowdsec-blacklists");
        using var json = JsonDocument.Parse(await nft.StandardOutput.ReadToEndAsync());
        var set = json.RootElement.GetProperty("nftables").EnumerateArray().First(item => item.TryGetProperty("set", out _)).GetProperty("set");
        return set.TryGetProperty("elem", out var elements)
            && elements.EnumerateArray().Any(element => element.GetProperty("elem") is var entry && entry.GetProperty("val").GetString() == "192.0.2.7" && isSo(entry.GetProperty("timeout").GetDouble()));
    }

    private static async Task<long> PostAsync(RunningServer server, object block)
    {
        using var response = await server.Admin.PostAsJsonAsync("/api/v1/blocks", block);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private static Process Start(params string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    private static void Run(params string[] command)
    {
        using var process = Start(command);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), string.Join(' ', command));
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {process.StandardError.ReadToEnd()}");
    }
}
