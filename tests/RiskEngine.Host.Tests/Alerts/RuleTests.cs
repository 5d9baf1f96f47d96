using System.Diagnostics;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>What is under <c>Alerts/</c>, held against the programs that read it.</summary>
public sealed class RuleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [LinuxFact("promtool")]
    public async Task Promtool_understands_every_rule() => await RunAsync("promtool", ["check", "rules", .. Files("rules")]);

    [LinuxFact("promtool")]
    public async Task Every_alert_fires_when_it_should_and_only_then() => await RunAsync("promtool", ["test", "rules", .. Files("tests")]);

    [LinuxFact("amtool")]
    public async Task Amtool_understands_the_routes() => await RunAsync("amtool", ["check-config", RepositoryRoot.Path("Alerts", "alertmanager.yml")]);

    [LinuxTheory("amtool")]
    [InlineData("heartbeat", "alertname=RiskEngineHeartbeat", "severity=none")]
    [InlineData("pager", "alertname=RiskEngineAttackUnderWay", "severity=critical")]
    [InlineData("pager", "alertname=RiskEngineStoreFailing", "severity=critical")]
    [InlineData("tickets", "alertname=RiskEngineFeedStale", "severity=warning")]
    public async Task An_alert_goes_to_whom_its_severity_names(string receiver, params string[] labels) =>
        await RunAsync("amtool", ["config", "routes", "test", "--config.file", RepositoryRoot.Path("Alerts", "alertmanager.yml"), $"--verify.receivers={receiver}", .. labels]);

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(RepositoryRoot.Path("Alerts", folder), "*.yml").Order(StringComparer.Ordinal)];

    private static async Task RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
