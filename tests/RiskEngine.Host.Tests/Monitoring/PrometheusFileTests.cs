using System.Diagnostics;
using System.Text.RegularExpressions;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Monitoring;

/// <summary><c>deploy/thanos/prometheus.yml</c> and the flags of its unit, held against the programs that read them.</summary>
public sealed partial class PrometheusFileTests
{
    private static readonly string[] Own = ["--config.file", "--storage.tsdb.path", "--web.listen-address"];

    [LinuxFact("promtool")]
    public async Task Promtool_understands_it_with_every_rule()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("prometheus.yml", WithRules());
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "config", file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, await output + await error);
        var rules = Directory.GetFiles(RepositoryRoot.Path("Alerts", "rules"), "*.yml").Length;
        Assert.Contains($"SUCCESS: {rules} rule files found", await output, StringComparison.Ordinal);
    }

    [LinuxFact("prometheus")]
    public async Task A_real_prometheus_starts_with_the_flags_of_the_unit_and_knows_its_name()
    {
        using var folder = new TemporaryFolder();
        var unit = await File.ReadAllTextAsync(RepositoryRoot.Path("deploy", "thanos", "units", "prometheus.service"));
        string[] flags = [.. Flag().Matches(unit).Select(flag => flag.Value).Where(flag => !Own.Contains(flag.Split('=')[0]))];
        Assert.Contains("--storage.tsdb.retention.time=1d", flags);
        await using var prometheus = await RealPrometheus.StartAsync(folder.FullName, WithRules(), new Dictionary<string, string> { ["REPLICA"] = "a" }, flags);
        Assert.Contains("\n    replica: a\n", (await prometheus.ConfigurationAsync()).GetProperty("yaml").GetString(), StringComparison.Ordinal);
    }

    private static string WithRules() => File.ReadAllText(RepositoryRoot.Path("deploy", "thanos", "prometheus.yml"))
        .Replace("/etc/riskengine/rules", RepositoryRoot.Path("Alerts", "rules"), StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=^  )--[^\s\\]+", RegexOptions.Multiline)]
    private static partial Regex Flag();
}
