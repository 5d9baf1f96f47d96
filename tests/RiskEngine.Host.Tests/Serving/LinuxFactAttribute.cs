using System.Diagnostics;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>A test that needs Linux and some of its programs; skipped, and counted as skipped, where one of them is absent.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public LinuxFactAttribute(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = programs.FirstOrDefault(program => !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, program))));
        if (!OperatingSystem.IsLinux()) Skip = "This is not Linux.";
        else if (missing is not null) Skip = $"The program {missing} is not there.";
        else if (programs.Contains("unshare") && !MakesNetworks()) Skip = "This user may not make a network of its own (unshare -n needs root).";
    }

    private static bool MakesNetworks()
    {
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["-n", "ip", "link", "set", "lo", "up"]) { RedirectStandardError = true, UseShellExecute = false });
        return probe is not null && probe.WaitForExit(Patience) && probe.ExitCode == 0;
    }
}
