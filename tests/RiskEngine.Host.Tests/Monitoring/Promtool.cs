using System.Diagnostics;

namespace RiskEngine.Host.Tests.Monitoring;

/// <summary>What Prometheus's own tool says of a page of metrics.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Fails where it finds anything to say.</summary>
    public static async Task CheckMetricsAsync(string metrics)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await promtool.WaitForExitAsync(patience.Token);
        Assert.True(promtool.ExitCode == 0, await said);
    }
}

/// <summary>A test that needs promtool; skipped, and counted as skipped, where that is absent.</summary>
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "promtool")))) Skip = "promtool (Debian package prometheus) is not installed.";
    }
}
