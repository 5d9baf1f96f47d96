using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Cli;

/// <summary><c>check-config</c>: reads configuration, policy and files of facts, and tells everything that is wrong with them at once.</summary>
/// <remarks>A fault is what <c>serve</c> would not start with. A warning is what it would say and start nevertheless.</remarks>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check-config", "Check configuration, policy and files of facts without starting anything.") { config, json };
        command.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string? config, bool json)
    {
        var (settings, faults) = StartCheck.Read(config, serves: true);
        var file = SettingsLoader.FileOf(config) ?? "the defaults";
        List<string> warnings = [.. settings.Footguns(), .. AboutFacts(settings)];
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { ok = faults.Count == 0, file, faults, warnings }));
        }
        else
        {
            if (faults.Count == 0) Console.Out.WriteLine(warnings.Count == 0 ? $"{file}: in order." : $"{file}: can be served, with {(warnings.Count == 1 ? "a warning" : $"{warnings.Count} warnings")}.");
            foreach (var fault in faults) Console.Error.WriteLine(fault);
            foreach (var warning in warnings) Console.Error.WriteLine($"warning: {warning}");
        }

        return faults.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static List<string> AboutFacts(RiskEngineSettings settings)
    {
        List<string> told = [];
        EngineParts.LoadFacts(settings, told.Add).Dispose();
        return told;
    }
}
