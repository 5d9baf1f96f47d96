using System.CommandLine;
using RiskEngine.Host.Composition;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Cli;

/// <summary><c>serve</c>: takes events, answers questions, keeps state, until told to stop.</summary>
internal static class ServeCommand
{
    private static readonly string[] Roles = ["collector", "engine", "api"];

    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var roles = new Option<string?>("--roles") { Description = $"What this process does, a list of {string.Join(", ", Roles)}; in this version all of them together." };
        var command = new Command("serve", "Run the engine and its HTTP interface.") { config, roles };
        command.SetAction((parsed, cancellation) =>
        {
            CheckRoles(parsed.GetValue(roles));
            return RunAsync(parsed.GetValue(config), cancellation);
        });
        return command;
    }

    private static void CheckRoles(string? list)
    {
        if (list is null) return;
        var asked = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var role in asked.Where(role => !Roles.Contains(role)))
            throw new CommandFailure(ExitCode.Usage, $"--roles: there is no role '{role}'; there are {string.Join(", ", Roles)}.");
        if (asked.Distinct().Count() < Roles.Length)
            throw new CommandFailure(ExitCode.Usage, "--roles: roles in processes of their own need a shared store, which this version does not have; leave --roles out.");
    }

    private static async Task<int> RunAsync(string? config, CancellationToken cancellation)
    {
        var settings = StartCheck.LoadToServe(config);
        using var loggers = new JsonLogging(settings.Log, LokiLogs.Of(settings));
        var store = Stores.OpenFile(settings.Store.Path, settings);
        await using var engine = RunningEngine.Start(config, settings, store, [.. LokiLogs.Assessments(loggers.Loki, settings, store)], loggers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] sources =
        [
            .. settings.Sources.File.Select(file => new FileSource(file, engine, loggers.CreateLogger<FileSource>()).RunAsync(stop.Token)),
            .. settings.Sources.Syslog.Select(syslog => new SyslogSource(syslog, engine, loggers.CreateLogger<SyslogSource>()).RunAsync(stop.Token)),
            engine.Responders.RunAsync(stop.Token),
            .. AuthentikSource.Of(settings, engine, loggers).Select(source => source.RunAsync(stop.Token)),
            .. AlertmanagerPager.Of(settings, engine, loggers).Select(pager => pager.RunAsync(stop.Token)),
            .. LapiFeed.Of(settings, engine.Telemetry, loggers).Select(feed => feed.RunAsync(stop.Token)),
            .. LokiLogs.Audit(loggers.Loki, settings, store, loggers).Select(audit => audit.RunAsync(stop.Token)),
        ];
        var code = await Server.RunAsync(ServerSettings.From(settings), engine.Parts, loggers, null, cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(sources);
        return code;
    }
}
