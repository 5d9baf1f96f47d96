using System.CommandLine;
using System.Reflection;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Exporting;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Cli;

/// <summary><c>export ocsf</c>: what a store holds, for a SIEM.</summary>
internal static class ExportOcsfCommand
{
    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "The file of a store to read, also while a server uses it; the configured store where none is named." };
        var since = IncidentsCommand.Since("How far to look back from the newest event, such as 7d; everything that is kept where it is not given.");
        var output = new Option<string>("--out") { Description = "Where to write: a file, or - for standard output.", DefaultValueFactory = _ => "-" };
        var names = new Option<bool>("--names") { Description = "Name subjects in clear. Without, they are pseudonyms, unless log.pseudonymise is off." };
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var command = new Command("ocsf", $"Write events, findings and incidents as lines of OCSF {OcsfNames.Version} JSON.") { state, since, output, names, config };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = SettingsLoader.Load(parsed.GetValue(config));
            using var logins = Stores.OpenLogins(settings, parsed.GetValue(state));
            var isNamed = parsed.GetValue(names);
            var naming = new PersonalText(TelemetrySettings.Personal(settings), logins.Hash()).Naming(isNamed);
            using var stream = OutputFile.Open(parsed.GetValue(output)!);
            using var export = new OcsfExport(stream, settings.Incidents, naming, isNamed || !settings.Log.Pseudonymise, Version);
            export.Write(logins, IncidentsCommand.SpanOf(parsed, since) is { } span ? logins.Newest - span : null, cancellation);
            Console.Error.WriteLine($"{export.Events} events, {export.Findings} findings, {export.Incidents} incidents" + (logins.Damaged > 0 ? $"; {logins.Damaged} times a damaged event was passed over" : ""));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Version => typeof(ExportOcsfCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
