using System.CommandLine;
using RiskEngine.Host.Doctor;

namespace RiskEngine.Host.Cli;

/// <summary><c>doctor</c>: looks at everything a deployment stands on and says what is wrong and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var bundle = new Option<string?>("--bundle") { Description = "Write findings, settings and metrics to this file, without names and secrets, for whoever helps." };
        var command = new Command("doctor", "Look at configuration, files of facts, store, the running program and every server it needs.") { config, json, bundle };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(config), parsed.GetValue(json), parsed.GetValue(bundle), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? config, bool json, string? bundle, CancellationToken cancellation)
    {
        var (settings, findings, metrics) = await Examination.RunAsync(config, TimeProvider.System, cancellation);
        if (bundle is not null) await SupportBundle.WriteAsync(bundle, settings, findings, metrics, TimeProvider.System, cancellation);
        Finding.Print(findings, json);
        return settings is null ? ExitCode.Usage : findings.All(finding => finding.Ok) ? ExitCode.Done : ExitCode.Failed;
    }
}
