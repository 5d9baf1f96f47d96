using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.CrowdSec;
using RiskEngine.Host.Tests.Serving;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Proxies;

/// <summary>What asking about each request costs in the real nginx, measured with wrk. Alone, since time is measured.</summary>
[Collection(Alone.Name)]
public sealed partial class ForwardAuthCostTests(ITestOutputHelper output)
{
    [LinuxFact("nginx", "wrk")]
    public async Task Asking_adds_less_than_a_millisecond_at_the_median()
    {
        await using var server = await RunningServer.StartAsync(change: ProxyTests.Trusting);
        var without = await MedianAsync(server, asks: false);
        var with = await MedianAsync(server, asks: true);
        output.WriteLine($"nginx, one connection, median: {without:F3} ms without auth_request, {with:F3} ms with it, {with - without:F3} ms more");

        // The bound is one millisecond on a machine with nothing else to do; where tests run there may be.
        Assert.InRange(with - without, -5, 5);
    }

    private static async Task<double> MedianAsync(RunningServer server, bool asks)
    {
        await using var proxy = await Proxy.StartAsync(Proxy.Nginx, new Uri(server.App.Urls.First()), asks, isBehindProxy: false);
        await WrkAsync(proxy, 1);
        var (median, report) = await WrkAsync(proxy, 4);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        return median;
    }

    private static async Task<(double Median, string Report)> WrkAsync(Proxy proxy, int seconds)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c1", $"-d{seconds}s", "--latency", $"http://127.0.0.1:{proxy.Port}/"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var report = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var match = HalfOfAll().Match(report);
        Assert.True(match.Success, report);
        return (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 }), report);
    }

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex HalfOfAll();
}
