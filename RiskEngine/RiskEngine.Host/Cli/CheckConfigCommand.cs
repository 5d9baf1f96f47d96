using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Cli;

/// <summary><c>check-config</c>: reads configuration and policy, and tells everything that is wrong with them at once.</summary>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check-config", "Check configuration and policy without starting anything.") { config, json };
        command.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string? config, bool json)
    {
        var (settings, faults) = StartCheck.Read(config, serves: true);
        var file = SettingsLoader.FileOf(config) ?? "the defaults";
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(new { ok = faults.Count == 0, file, faults }));
        else if (faults.Count == 0) Console.Out.WriteLine($"{file}: in order.");
        foreach (var fault in json ? [] : faults) Console.Error.WriteLine(fault);
        if (!json) Warn(settings);
        return faults.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static void Warn(RiskEngineSettings settings)
    {
        foreach (var footgun in settings.Footguns()) Console.Error.WriteLine($"warning: {footgun}");
    }
}
